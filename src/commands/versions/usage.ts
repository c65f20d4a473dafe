import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

const CODE = /\.(?:[cm]?[jt]s|[jt]sx|vue|svelte|astro)$/;
const SKIPPED = new Set([
  "node_modules",
  "dist",
  "build",
  "coverage",
  ".git",
  ".next",
  ".integ",
  ".integ-base",
]);
/** Larger files are bundles, not sources. */
const LARGEST = 2_000_000;

async function* codeFiles(directory: string): AsyncGenerator<string> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* codeFiles(path);
    else if (entry.isFile() && CODE.test(entry.name)) yield path;
  }
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A line of the user's code that holds on to a version. */
export interface Use {
  /** Relative to the root, forward slashes. */
  file: string;
  line: number;
}

/**
 * Finds what imports a version's files, or pins it through the router. Within the module itself only the router may
 * know the version, and that is about to be rewritten.
 * @param home directory of the module, absolute
 */
export async function findUses(
  root: string,
  home: string,
  integration: string,
  version: string,
): Promise<Use[]> {
  const imported = new RegExp(`["'\`][^"'\`]*\\b${escaped(integration)}/${version}/`);
  const nearby = new RegExp(`["'\`]\\.{1,2}/(?:\\.\\./)*${version}/`);
  const pinned = new RegExp(`\\bpinned\\(\\s*["'\`]${version}["'\`]`);
  const uses: Use[] = [];
  for await (const file of codeFiles(root)) {
    const inside = !relative(home, file).startsWith("..");
    const own = inside && (file === join(home, "index.ts") || file.startsWith(join(home, version) + sep));
    if (own) continue;
    const text = await readFile(file, "utf8");
    if (text.length > LARGEST || !text.includes(version)) continue;
    const namesIt = text.includes(integration) || inside;
    text.split("\n").forEach((line, index) => {
      const found = imported.test(line) || (inside && nearby.test(line)) || (namesIt && pinned.test(line));
      if (found) uses.push({ file: relative(root, file).split(sep).join("/"), line: index + 1 });
    });
  }
  return uses.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
}

/** Files below a directory, relative to the root, forward slashes, sorted. */
export async function filesBelow(root: string, directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}
