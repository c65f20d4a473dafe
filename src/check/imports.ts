import { parseSync } from "oxc-parser";

/** What `import("…")` names where a type is meant, and what `require` does. */
const CALLED = /\b(?:import|require)\s*\(\s*["'`]([^"'`\n]+)["'`]/g;

/** The scripts of components are found by their text: their files are no modules that a parser of JavaScript takes. */
const COMPONENT = /\.(?:vue|svelte|astro|mdx)$/;
const IMPORTED = /\b(?:from|import)\s*["']([^"'\n]+)["']/g;

const names = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name]));

/** Begins what is declared for code that does not import it, or brings such a file in. */
const FOR_ALL = /\bdeclare\s+(?:global|module)\b|^\s*\/\/\/\s*<reference\b/m;

/** What makes a module of a file without `import` and `export`. */
const COMMON_JS = /\brequire\s*\(|\bexports\b/;

/** How a source file is bound to others. */
export interface ModuleFacts {
  /** What it imports, re-exports or loads with `import()` or `require()`, as it is written; none where it cannot be parsed. */
  imports: readonly string[];
  /** Whether it may declare something for files that do not import it; rather said once too often. */
  declaresForAll: boolean;
}

/** Costs a parse, in which the parser hands over the whole tree: several times what a search in the text takes. */
export function moduleFactsOf(file: string, text: string): ModuleFacts {
  const called = names(text, CALLED);
  if (COMPONENT.test(file)) return { imports: [...names(text, IMPORTED), ...called], declaresForAll: false };
  const { staticImports, staticExports, hasModuleSyntax } = parseSync(file, text).module;
  return {
    imports: [
      ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
      ...staticExports.flatMap(({ entries }) =>
        entries.flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : [])),
      ),
      ...called,
    ],
    declaresForAll: FOR_ALL.test(text) || !(COMMON_JS.test(text) || hasModuleSyntax),
  };
}

/** The files that `./money` may be written for: `money.ts`, `parts/index.ts`; `money.js` stands for `money.ts` too. */
export function importCandidates(path: string): string[] {
  const bare = path.replace(/\.[cm]?jsx?$/, "");
  const ends = [".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx"];
  return [path, ...ends.map((end) => bare + end), ...ends.map((end) => `${path}/index${end}`)];
}
