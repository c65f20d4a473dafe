import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Expression, parseSync } from "oxc-parser";
import { openClassic } from "./classic.ts";
import { openNative } from "./native.ts";
import type { Bonds } from "./reach.ts";
import type { Program } from "./syntax.ts";

/** The user's own TypeScript: the one that checks the code says what reads what. */
export interface InstalledTypeScript {
  version: string;
  open(
    configs: readonly string[],
    about: { declaredIn: ReadonlySet<string>; bonds: Bonds },
  ): Promise<Program[]>;
}

function versionOf(require: NodeJS.Require): string | undefined {
  try {
    const { version }: { version?: unknown } = require("typescript/package.json");
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}

/** The TypeScript that a module in `root` would import; undefined where there is none. */
export function installedTypeScript(root: string): InstalledTypeScript | undefined {
  const require = createRequire(join(root, "package.json"));
  const version = versionOf(require);
  if (version === undefined) return undefined;
  if (Number.parseInt(version, 10) < 7) {
    return {
      version,
      open: async (configs, about) => openClassic(require("typescript"), configs, about),
    };
  }
  const load = (name: string) => import(pathToFileURL(require.resolve(name)).href);
  return {
    version,
    open: async (configs, { declaredIn }) => {
      const sync = await load("typescript/unstable/sync");
      const ast = await load("typescript/unstable/ast");
      return openNative({ sync, ast }, configs, { cwd: root, declaredIn });
    },
  };
}

type ObjectExpression = Extract<Expression, { type: "ObjectExpression" }>;

function memberOf({ properties }: ObjectExpression, name: string): Expression | undefined {
  for (const property of properties) {
    if (property.type === "Property" && property.key.type === "Literal" && property.key.value === name) {
      return property.value;
    }
  }
  return undefined;
}

/** The projects that a tsconfig.json refers to, which may have comments and commas at ends. */
function referencesOf(config: string): string[] {
  const { program } = parseSync("tsconfig.ts", `(${readFileSync(config, "utf8")})`);
  const [statement] = program.body;
  if (statement?.type !== "ExpressionStatement") return [];
  const { expression } = statement;
  const object = expression.type === "ParenthesizedExpression" ? expression.expression : expression;
  const references = object.type === "ObjectExpression" ? memberOf(object, "references") : undefined;
  if (references?.type !== "ArrayExpression") return [];
  return references.elements.flatMap((element) => {
    const path = element?.type === "ObjectExpression" ? memberOf(element, "path") : undefined;
    if (path?.type !== "Literal" || typeof path.value !== "string") return [];
    const target = resolve(dirname(config), path.value);
    return [target.endsWith(".json") ? target : join(target, "tsconfig.json")];
  });
}

/** The nearest tsconfig.json at or above `directory`, and the projects that it refers to; none where there is none. */
export function tsconfigsFor(directory: string): string[] {
  for (let at = directory; ; at = dirname(at)) {
    const config = join(at, "tsconfig.json");
    if (existsSync(config)) return withReferences(config);
    if (dirname(at) === at) return [];
  }
}

function withReferences(first: string): string[] {
  const configs = new Set<string>();
  const add = (config: string) => {
    if (configs.has(config) || !existsSync(config)) return;
    configs.add(config);
    for (const reference of referencesOf(config)) add(reference);
  };
  add(first);
  return [...configs];
}
