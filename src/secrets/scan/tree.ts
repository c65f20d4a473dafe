import { closeSync, existsSync, fstatSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { UsageError } from "../../base/errors.ts";
import type { Git } from "./git.ts";
import { isBinary, KeyScan, WHOLE } from "./stream.ts";
import { type Detectors, findKeys, type Hit } from "./text.ts";

const buffer = Buffer.allocUnsafe(WHOLE);

function readPiece(file: number): Buffer {
  let filled = 0;
  while (filled < buffer.length) {
    const count = readSync(file, buffer, filled, buffer.length - filled, null);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

/** Keys in a file; `undefined` where it is none that can be read (gone meanwhile, a socket, no permission). */
export function scanFile(path: string, detectors: Detectors): Hit[] | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    if (!fstatSync(file).isFile()) return undefined;
    const first = readPiece(file);
    if (isBinary(first)) return [];
    if (first.length < WHOLE) return findKeys(first, 1, detectors);
    const scan = new KeyScan(detectors);
    for (let piece = first; piece.length > 0; piece = readPiece(file)) scan.push(piece);
    return scan.end();
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** What no repository keeps. */
const SKIPPED = new Set([".git", "node_modules"]);

function* walk(path: string): Generator<string> {
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const below = join(path, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) yield* walk(below);
    } else if (entry.isFile()) yield below;
  }
}

/**
 * Files below paths, absolute. In a repository those that git knows or would take up, what is ignored left out; elsewhere
 * all of them.
 */
export async function filesBelow(root: string, paths: readonly string[], git: Git): Promise<string[]> {
  if (await git.isRepository()) {
    const list = [
      "ls-files",
      "-z",
      "--cached",
      "--others",
      "--exclude-standard",
      "--deduplicate",
      "--",
      ...paths,
    ];
    return (await git.names(list)).map((name) => join(root, name));
  }
  const starts = paths.length === 0 ? [root] : paths.map((path) => join(root, path));
  const absent = starts.find((path) => !existsSync(path));
  if (absent !== undefined) {
    throw new UsageError(`There is no ${relative(root, absent)}`, { code: "usage/no-file" });
  }
  return starts.flatMap((path) => (lstatSync(path).isDirectory() ? [...walk(path)] : [path]));
}

/** A path as findings show it. */
export const shownPath = (root: string, path: string) => relative(root, path).split(sep).join("/");
