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

/** Names of all presets, sorted. */
export function presetNames(): string[] {
  return readdirSync(fileOf("presets"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
