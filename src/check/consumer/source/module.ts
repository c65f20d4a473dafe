import type {
  BindingPattern,
  Declaration,
  Expression,
  Function as FunctionNode,
  ModuleExportName,
  Program,
  Statement,
} from "oxc-parser";
import { parseSync } from "oxc-parser";

/** What a name stands for: an expression or a function. */
export type Definition = Expression | FunctionNode;

/** A name of another module: `imported` is `*` for the whole module. */
export interface Foreign {
  from: string;
  imported: string;
}

/** The parts of a TypeScript module that lead to schemas. */
export interface ModuleSource {
  /** Absolute path. */
  file: string;
  text: string;
  /** Top-level constants and functions. */
  definitions: ReadonlyMap<string, { node: Definition; start: number; end: number }>;
  imports: ReadonlyMap<string, Foreign>;
  /** Exported name → local name, or a name of another module. */
  exports: ReadonlyMap<string, string | Foreign>;
  /** Modules re-exported whole. */
  stars: readonly string[];
}

type Definitions = Map<string, { node: Definition; start: number; end: number }>;

function define(pattern: BindingPattern, init: Expression | null, into: Definitions): void {
  if (pattern.type !== "Identifier" || init === null) return;
  into.set(pattern.name, { node: init, start: pattern.start, end: pattern.end });
}

function declare(declaration: Declaration | Program["body"][number], into: Definitions): string[] {
  if (declaration.type === "VariableDeclaration") {
    for (const { id, init } of declaration.declarations) define(id, init, into);
    return declaration.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
  }
  if (declaration.type === "FunctionDeclaration" && declaration.id) {
    const { name, start, end } = declaration.id;
    into.set(name, { node: declaration, start, end });
    return [name];
  }
  return [];
}

/** The constants and functions of a block. */
export function definitionsOf(body: readonly Statement[]): Definitions {
  const definitions: Definitions = new Map();
  for (const statement of body) declare(statement, definitions);
  return definitions;
}

const nameOf = (name: ModuleExportName) => (name.type === "Literal" ? name.value : name.name);

function collect(program: Program): Omit<ModuleSource, "file" | "text"> {
  const definitions: Definitions = new Map();
  const imports = new Map<string, Foreign>();
  const exports = new Map<string, string | Foreign>();
  const stars: string[] = [];
  for (const node of program.body) {
    if (node.type === "ImportDeclaration") {
      for (const specifier of node.specifiers) {
        const imported =
          specifier.type === "ImportSpecifier"
            ? nameOf(specifier.imported)
            : specifier.type === "ImportDefaultSpecifier"
              ? "default"
              : "*";
        imports.set(specifier.local.name, { from: node.source.value, imported });
      }
    } else if (node.type === "ExportNamedDeclaration") {
      for (const name of node.declaration ? declare(node.declaration, definitions) : [])
        exports.set(name, name);
      for (const { local, exported } of node.specifiers) {
        const name = nameOf(local);
        exports.set(nameOf(exported), node.source ? { from: node.source.value, imported: name } : name);
      }
    } else if (node.type === "ExportAllDeclaration") {
      if (node.exported) exports.set(nameOf(node.exported), { from: node.source.value, imported: "*" });
      else stars.push(node.source.value);
    } else if (node.type !== "ExportDefaultDeclaration") {
      declare(node, definitions);
    }
  }
  return { definitions, imports, exports, stars };
}

/** Reads a module's declarations; a file with syntax errors gives what the parser could recover. */
export function parseModule(file: string, text: string): ModuleSource {
  const { program } = parseSync(file, text);
  return { file, text, ...collect(program) };
}
