/** The kinds of syntax that readers are found by; each TypeScript numbers them for itself. */
export const KINDS = [
  "ArrayLiteralExpression",
  "ArrowFunction",
  "AsExpression",
  "AwaitExpression",
  "BinaryExpression",
  "BindingElement",
  "CallExpression",
  "ComputedPropertyName",
  "ConditionalExpression",
  "DeleteExpression",
  "ElementAccessExpression",
  "EqualsToken",
  "ForInStatement",
  "Identifier",
  "InKeyword",
  "JsxAttribute",
  "JsxExpression",
  "JsxSpreadAttribute",
  "NewExpression",
  "NonNullExpression",
  "NoSubstitutionTemplateLiteral",
  "ObjectBindingPattern",
  "ObjectLiteralExpression",
  "Parameter",
  "ParenthesizedExpression",
  "PropertyAccessExpression",
  "PropertyAssignment",
  "PropertyDeclaration",
  "ReturnStatement",
  "SatisfiesExpression",
  "ShorthandPropertyAssignment",
  "SpreadAssignment",
  "SpreadElement",
  "StringLiteral",
  "VariableDeclaration",
  "YieldExpression",
] as const;
export type Kind = (typeof KINDS)[number];
export type Kinds = Readonly<Record<Kind, number>>;

/** A node of a syntax tree, as TypeScript 5, 6 and 7 have it in common. Which members there are depends on its kind. */
export interface SyntaxNode {
  readonly kind: number;
  /** Offsets in UTF-16 code units; `pos` is before the comments that precede the node. */
  readonly pos: number;
  readonly end: number;
  readonly parent: SyntaxNode;
  readonly text?: string;
  readonly name?: SyntaxNode;
  readonly propertyName?: SyntaxNode;
  readonly dotDotDotToken?: SyntaxNode;
  readonly expression?: SyntaxNode;
  readonly argumentExpression?: SyntaxNode;
  readonly arguments?: readonly SyntaxNode[];
  readonly initializer?: SyntaxNode;
  readonly type?: SyntaxNode;
  readonly left?: SyntaxNode;
  readonly operatorToken?: SyntaxNode;
  readonly right?: SyntaxNode;
  readonly body?: SyntaxNode;
  readonly whenTrue?: SyntaxNode;
  readonly whenFalse?: SyntaxNode;
  getStart(): number;
  forEachChild<T>(visit: (node: SyntaxNode) => T | undefined): T | undefined;
}

/** Where a property is declared: file and the offset of its name. Files by `fileKey`. */
export interface Declared {
  file: string;
  offset: number;
}

/** How a file is called in comparisons: file systems differ in whether case counts, and so does TypeScript's answer. */
export function fileKey(file: string): string {
  return file.replaceAll("\\", "/").toLowerCase();
}

/** How a declaration is called in maps. */
export function declaredKey({ file, offset }: Declared): string {
  return `${fileKey(file)}:${offset}`;
}

/** The types of a program, whichever TypeScript made them. `Type` is opaque here. */
export interface Program<Type = unknown> {
  kinds: Kinds;
  /** Absolute paths of the program's own source files, those of packages left out. */
  files: readonly string[];
  /** Absolute paths of its own declaration files: nobody reads in them, and they may hand types on. */
  declarations: readonly string[];
  /** The syntax tree of a file; undefined for one that is not in the program. */
  tree(file: string): SyntaxNode | undefined;
  /** For each node the declarations of its symbol, as far as they lie in the files asked for at opening. */
  declarationsAt(nodes: readonly SyntaxNode[]): string[][];
  /** For each node the type of its value. */
  typesAt(nodes: readonly SyntaxNode[]): (Type | undefined)[];
  /** The type that the place of an expression asks for; undefined where it asks for none. */
  wantedAt(node: SyntaxNode): Type | undefined;
  /** Whether a type lets everything through and says nothing of what is read: any, unknown. */
  isOpaque(type: Type): boolean;
  /** Whether a type is an array or a tuple: what is in brackets behind it is no name. */
  isList(type: Type): boolean;
  /** Declarations of each property of a type, by name; the members of a union, or the items of an array, together. */
  propertiesOf(type: Type): ReadonlyMap<string, readonly string[]>;
  close(): void;
}
