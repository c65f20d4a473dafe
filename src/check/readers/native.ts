import type { Expression, Node } from "typescript/unstable/ast";
import type { NodeHandle, Project, Symbol as TsSymbol, Type } from "typescript/unstable/sync";
import { propertiesOf, type TypeAnatomy } from "./properties.ts";
import { fileKey, KINDS, type Kinds, type Program, type SyntaxNode } from "./syntax.ts";

const IS_DECLARATION = /\.d\.(?:[^./]+\.)?[cm]?ts$/;
/** Packages, and the libraries that TypeScript 7 has within itself. */
const IS_LIBRARY = /\/node_modules\/|^bundled:/;

type Sync = typeof import("typescript/unstable/sync");
type Ast = typeof import("typescript/unstable/ast");

/** The modules of TypeScript 7 that answer questions about types. */
export interface NativeTypeScript {
  sync: Sync;
  ast: Ast;
}

/** The nodes that this program gave come back to it. */
const native = (node: SyntaxNode) => node as unknown as Node;

const kindsOf = ({ SyntaxKind }: Ast): Kinds => {
  const kinds: Partial<Record<(typeof KINDS)[number], number>> = {};
  for (const kind of KINDS) kinds[kind] = SyntaxKind[kind];
  return kinds as Kinds;
};

/** Opens the programs of `configs` with TypeScript 7, which runs as a process of its own and answers synchronously. */
export function openNative(
  { sync, ast }: NativeTypeScript,
  configs: readonly string[],
  options: { cwd: string; declaredIn: ReadonlySet<string> },
): Program<Type>[] {
  const api = new sync.API({ cwd: options.cwd });
  const kinds = kindsOf(ast);
  try {
    const projects = api.updateSnapshot({ openProjects: [...configs] }).getProjects();
    return projects.map((project, index) =>
      programOf(project, sync, kinds, options.declaredIn, () => {
        // All share one process.
        if (index === projects.length - 1) api.close();
      }),
    );
  } catch (error) {
    api.close();
    throw error;
  }
}

function programOf(
  { program, checker }: Project,
  sync: Sync,
  kinds: Kinds,
  declaredIn: ReadonlySet<string>,
  close: () => void,
): Program<Type> {
  const names = new WeakMap<NodeHandle, string>();
  const nameOf = (handle: NodeHandle): string[] => {
    // The file is looked at first: to resolve a handle means to load its whole tree.
    const file = fileKey(handle.path);
    if (!declaredIn.has(file)) return [];
    const known = names.get(handle);
    if (known !== undefined) return [known];
    const node: SyntaxNode | undefined = handle.resolve() as unknown as SyntaxNode | undefined;
    if (!node) return [];
    const key = `${file}:${(node.name ?? node).getStart()}`;
    names.set(handle, key);
    return [key];
  };
  const declarationsOf = (symbol: TsSymbol | undefined) => (symbol?.declarations ?? []).flatMap(nameOf);
  const anatomy: TypeAnatomy<Type> = {
    parts: (type) => {
      if (type.isUnionType()) return type.getTypes();
      const isList = type.isObjectType() && type.isTypeReference() && checker.isArrayLikeType(type);
      return isList ? checker.getTypeArguments(type) : undefined;
    },
    own: (type) =>
      type.isObjectType() || type.isIntersectionType()
        ? checker
            .getPropertiesOfType(type)
            .map((property) => ({ name: property.name, declared: declarationsOf(property) }))
        : [],
  };
  const own = program.getSourceFileNames().filter((file) => !IS_LIBRARY.test(file));
  const properties = new Map<number, ReadonlyMap<string, readonly string[]>>();
  return {
    kinds,
    files: own.filter((file) => !IS_DECLARATION.test(file)),
    declarations: own.filter((file) => IS_DECLARATION.test(file)),
    tree: (file) => program.getSourceFile(file) as unknown as SyntaxNode | undefined,
    declarationsAt: (nodes) => checker.getSymbolAtLocation(nodes.map(native)).map(declarationsOf),
    typesAt: (nodes) => checker.getTypeAtLocation(nodes.map(native)),
    wantedAt: (node) => checker.getContextualType(native(node) as Expression),
    isOpaque: ({ flags }) => (flags & (sync.TypeFlags.Any | sync.TypeFlags.Unknown)) !== 0,
    isList: (type) => checker.isArrayLikeType(type),
    propertiesOf: (type) => {
      const found = properties.get(type.id) ?? propertiesOf(type, anatomy);
      properties.set(type.id, found);
      return found;
    },
    close,
  };
}
