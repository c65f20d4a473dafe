import { dirname } from "node:path";
import type ts from "typescript-classic";
import { propertiesOf, type TypeAnatomy } from "./properties.ts";
import { type Bonds, filesThatMatter } from "./reach.ts";
import { fileKey, KINDS, type Kinds, type Program, type SyntaxNode } from "./syntax.ts";

export type ClassicTypeScript = typeof ts;

/** The nodes that this program gave come back to it. */
const native = (node: SyntaxNode) => node as unknown as ts.Node;

const kindsOf = ({ SyntaxKind }: ClassicTypeScript): Kinds => {
  const kinds: Partial<Record<(typeof KINDS)[number], number>> = {};
  for (const kind of KINDS) kinds[kind] = SyntaxKind[kind];
  return kinds as Kinds;
};

/**
 * Opens the programs of `configs` with TypeScript 5 or 6, in this process. Files that have nothing to do with `declaredIn` are
 * left out: to read and bind them takes as long as to look for readers.
 */
export function openClassic(
  compiler: ClassicTypeScript,
  configs: readonly string[],
  { declaredIn, bonds }: { declaredIn: ReadonlySet<string>; bonds: Bonds },
): Program<ts.Type>[] {
  return configs.map((config) => {
    const { config: raw } = compiler.readConfigFile(config, compiler.sys.readFile);
    const parsed = compiler.parseJsonConfigFileContent(raw, compiler.sys, dirname(config), {
      noEmit: true,
      incremental: false,
      composite: false,
    });
    // With `rootDirs` a relative import does not say where its file lies.
    const rootNames = parsed.options.rootDirs
      ? parsed.fileNames
      : filesThatMatter(parsed.fileNames, (file) => declaredIn.has(fileKey(file)), bonds);
    const host = compiler.createCompilerHost(parsed.options);
    // As tsc does: comments say nothing of types but in JavaScript, and the libraries are full of them. Not known before 5.3.
    const { ParseForTypeErrors } = compiler.JSDocParsingMode ?? {};
    if (ParseForTypeErrors !== undefined) host.jsDocParsingMode = ParseForTypeErrors;
    const program = compiler.createProgram({ rootNames, options: parsed.options, host });
    return programOf(compiler, program, declaredIn);
  });
}

const isLibrary = (program: ts.Program, file: ts.SourceFile) =>
  program.isSourceFileFromExternalLibrary(file) ||
  program.isSourceFileDefaultLibrary(file) ||
  (file.isDeclarationFile && file.fileName.includes("/node_modules/"));

function programOf(
  compiler: ClassicTypeScript,
  program: ts.Program,
  declaredIn: ReadonlySet<string>,
): Program<ts.Type> {
  const checker = program.getTypeChecker();
  const nameOf = (declaration: ts.Declaration): string[] => {
    const file = fileKey(declaration.getSourceFile().fileName);
    if (!declaredIn.has(file)) return [];
    const node: SyntaxNode = declaration as unknown as SyntaxNode;
    return [`${file}:${(node.name ?? node).getStart()}`];
  };
  const declarationsOf = (symbol: ts.Symbol | undefined) => (symbol?.declarations ?? []).flatMap(nameOf);
  const objects = compiler.TypeFlags.Object | compiler.TypeFlags.Intersection;
  const anatomy: TypeAnatomy<ts.Type> = {
    parts: (type) => {
      if (type.isUnion()) return type.types;
      return checker.isArrayLikeType(type) ? checker.getTypeArguments(type as ts.TypeReference) : undefined;
    },
    own: (type) =>
      (type.flags & objects) === 0
        ? []
        : checker
            .getPropertiesOfType(type)
            .map((property) => ({ name: property.name, declared: declarationsOf(property) })),
  };
  const own = program.getSourceFiles().filter((file) => !isLibrary(program, file));
  const properties = new WeakMap<ts.Type, ReadonlyMap<string, readonly string[]>>();
  return {
    kinds: kindsOf(compiler),
    files: own.filter((file) => !file.isDeclarationFile).map(({ fileName }) => fileName),
    declarations: own.filter((file) => file.isDeclarationFile).map(({ fileName }) => fileName),
    tree: (file) => program.getSourceFile(file) as unknown as SyntaxNode | undefined,
    declarationsAt: (nodes) => nodes.map((node) => declarationsOf(checker.getSymbolAtLocation(native(node)))),
    typesAt: (nodes) => nodes.map((node) => checker.getTypeAtLocation(native(node))),
    wantedAt: (node) => checker.getContextualType(native(node) as ts.Expression),
    isOpaque: ({ flags }) => (flags & (compiler.TypeFlags.Any | compiler.TypeFlags.Unknown)) !== 0,
    isList: (type) => checker.isArrayLikeType(type),
    propertiesOf: (type) => {
      const found = properties.get(type) ?? propertiesOf(type, anatomy);
      properties.set(type, found);
      return found;
    },
    close: () => {},
  };
}
