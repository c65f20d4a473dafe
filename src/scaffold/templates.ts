import { existsSync, readdirSync, readFileSync } from "node:fs";
import { packageFile } from "../base/package-root.ts";

const fileOf = (path: string) => packageFile("templates", ...path.split("/"));

/** Reads a file below the templates; forward slashes. */
export function readTemplate(path: string): string {
  return readFileSync(fileOf(path), "utf8");
}

/** Like `readTemplate`, `undefined` where there is no such file. */
export function readTemplateIfAny(path: string): string | undefined {
  return existsSync(fileOf(path)) ? readTemplate(path) : undefined;
}

/** What the files of a version are made from. */
export interface TemplateSet {
  /** The template of a file: `client.ts`. */
  read(path: string): string;
  /** Files that integ itself knows nothing of, each written as it is filled. */
  further: readonly string[];
}

/** The templates that integ comes with. */
export const BUILT_IN: TemplateSet = { read: (path) => readTemplate(`module/v1/${path}`), further: [] };

/** Paths of the templates of a version's files. */
export function builtInFiles(): string[] {
  return readdirSync(fileOf("module/v1")).sort();
}

/** Names of all presets, sorted. */
export function presetNames(): string[] {
  return readdirSync(fileOf("presets"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
