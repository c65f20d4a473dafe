import { existsSync, readFileSync, realpathSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, resolve } from "node:path";
import { importCandidates, type ModuleFacts, moduleFactsOf } from "../imports.ts";
import { fileKey } from "./syntax.ts";

const CODE = /\.[cm]?[jt]sx?$/;

/** `zod` of `zod/v4`, `@scope/name` of `@scope/name/part`. */
const packageOf = (specifier: string) => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

/** Whether a package is somebody else's: it lies below node_modules for good, and not by a link into this codebase. */
function isForeign(name: string, from: string): boolean {
  for (let at = from; ; at = dirname(at)) {
    try {
      return /[\\/]node_modules[\\/]/.test(realpathSync(join(at, "node_modules", name)));
    } catch {
      if (dirname(at) === at) return false;
    }
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Tells how files are bound to others. */
export type Bonds = (file: string) => ModuleFacts;

/** Parses each file once, however often one look asks: three questions about all files of a codebase are most of what it takes. */
export function openBonds(): Bonds {
  const known = new Map<string, ModuleFacts>();
  return (file) => {
    const facts = known.get(file) ?? moduleFactsOf(file, textOf(file));
    known.set(file, facts);
    return facts;
  };
}

/**
 * Of `files` those that import a file that `isGoal` names, over however many others: a type is seen only by whoever
 * imports it, or something that has it. Where an import cannot be told apart from one of these (an alias, a package
 * of the same repository, a file that is not among these) the file is among them; all are where one of them declares something for all.
 * Costs a parse of each file, which is far less than its types do.
 */
export function filesReaching(
  files: readonly string[],
  isGoal: (file: string) => boolean,
  bonds: Bonds,
): string[] {
  const known = new Map(files.map((file) => [fileKey(file), file]));
  const importers = new Map<string, string[]>();
  const reached = new Set(files.filter(isGoal));
  const foreign = new Map<string, boolean>();
  for (const file of files) {
    for (const specifier of bonds(file).imports) {
      if (specifier.startsWith(".")) {
        const candidates = importCandidates(resolve(dirname(file), specifier));
        const target = candidates.map((path) => known.get(fileKey(path))).find((path) => path !== undefined);
        if (target !== undefined) importers.set(target, [...(importers.get(target) ?? []), file]);
        else if (candidates.some((path) => CODE.test(path) && existsSync(path))) reached.add(file);
        continue;
      }
      const name = packageOf(specifier);
      const isOthers = isBuiltin(specifier) || (foreign.get(name) ?? isForeign(name, dirname(file)));
      foreign.set(name, isOthers);
      if (!isOthers) reached.add(file);
    }
  }
  for (const file of reached) for (const importer of importers.get(file) ?? []) reached.add(importer);
  if ([...reached].some((file) => bonds(file).declaresForAll)) return [...files];
  return files.filter((file) => reached.has(file));
}

/**
 * Of `files` those that decide which types have a file that `isGoal` names and who sees them: those that reach it, and all
 * that may declare something for everybody. What these import comes with them.
 */
export function filesThatMatter(
  files: readonly string[],
  isGoal: (file: string) => boolean,
  bonds: Bonds,
): string[] {
  const reaching = new Set(filesReaching(files, isGoal, bonds));
  return files.filter((file) => reaching.has(file) || bonds(file).declaresForAll);
}
