import { parseSync } from "oxc-parser";

/** What `import("…")` names where a type is meant, and what `require` does. */
const CALLED = /\b(?:import|require)\s*\(\s*["'`]([^"'`\n]+)["'`]/g;

/** The scripts of components are found by their text: their files are no modules that a parser of JavaScript takes. */
const COMPONENT = /\.(?:vue|svelte|astro|mdx)$/;
const IMPORTED = /\b(?:from|import)\s*["']([^"'\n]+)["']/g;

const names = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name]));

/**
 * What a source file imports, re-exports or loads with `import()` or `require()`, as it is written; nothing for one that
 * cannot be parsed.
 */
export function importsOf(file: string, text: string): string[] {
  if (COMPONENT.test(file)) return [...names(text, IMPORTED), ...names(text, CALLED)];
  const { module } = parseSync(file, text);
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : [])),
    ),
    ...names(text, CALLED),
  ];
}

/** Begins what is declared for code that does not import it, or brings such a file in. */
const FOR_ALL = /\bdeclare\s+(?:global|module)\b|^\s*\/\/\/\s*<reference\b/m;

/** What makes a module of a file without `import` and `export`. */
const COMMON_JS = /\brequire\s*\(|\bexports\b/;

/** Whether a source file may declare something for files that do not import it; rather said once too often. */
export function declaresForAll(file: string, text: string): boolean {
  if (COMPONENT.test(file)) return false;
  return FOR_ALL.test(text) || !(COMMON_JS.test(text) || parseSync(file, text).module.hasModuleSyntax);
}

/** The files that `./money` may be written for: `money.ts`, `parts/index.ts`; `money.js` stands for `money.ts` too. */
export function importCandidates(path: string): string[] {
  const bare = path.replace(/\.[cm]?jsx?$/, "");
  const ends = [".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx"];
  return [path, ...ends.map((end) => bare + end), ...ends.map((end) => `${path}/index${end}`)];
}
