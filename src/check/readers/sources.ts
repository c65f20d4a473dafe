import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const CODE = /\.[cm]?[jt]sx?$/;
/** Components whose templates read as well, and which no tsconfig.json has. */
const COMPONENT = /\.(?:vue|svelte|astro|mdx)$/;
const TEST = /(?:^|[\\/])(?:tests?|__tests__|specs?|e2e)[\\/]|\.(?:test|spec)\.[cm]?[jt]sx?$/;
/** What decides how code is typed, besides the code. */
const SETTINGS =
  /^(?:tsconfig.*\.json|package\.json|package-lock\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?)$/;
const LEFT_OUT = new Set(["node_modules", "coverage"]);

function filesBelow(directory: string, into: string[]): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith(".") && !LEFT_OUT.has(entry.name)) filesBelow(path, into);
    } else if ([CODE, COMPONENT, SETTINGS].some((kind) => kind.test(entry.name))) into.push(path);
  }
}

/** Everything below a directory that can change who reads what: code, its settings, what is installed; sorted. */
export function sourcesIn(root: string): string[] {
  const files: string[] = [];
  filesBelow(root, files);
  return files.sort();
}

/**
 * A hash of sources, names as well as contents, so that a new file counts. Costs a read of each file and no parsing.
 * @param salt what else the answer depends on
 */
export function hashOf(files: readonly string[], root: string, salt: string): string {
  const hash = createHash("sha256").update(salt);
  for (const file of files) hash.update(`\u0000${relative(root, file)}\u0000`).update(readFileSync(file));
  return hash.digest("hex");
}

/** Whether a file below `root` is a test, by its name. */
export const isTest = (file: string, root: string) => TEST.test(relative(root, file));

/** Whether a source may run in production: settings and tests do not. */
export function isProduction(file: string, root: string): boolean {
  return (CODE.test(file) || COMPONENT.test(file)) && !isTest(file, root);
}
