import { dirname, extname, relative, resolve, sep } from "node:path";
import type { Integration, Project } from "../../config/project.ts";
import { moduleFactsOf } from "../imports.ts";

const CODE = new Set([
  ".ts",
  ".tsx",
  ".mts",
  ".cts",
  ".js",
  ".jsx",
  ".mjs",
  ".cjs",
  ".vue",
  ".svelte",
  ".astro",
  ".mdx",
]);

const isInside = (file: string, directory: string) => {
  const path = relative(directory, file);
  return path !== "" && !path.startsWith(`..${sep}`) && path !== "..";
};

/**
 * The integrations that a change touches: their own files, the files that import them, and all of them where the
 * configuration itself changed. An import is followed by relative path, and by any other whose text names the directory of the
 * integration (`@/integrations/stripe`).
 * @param changed absolute paths of files that were changed, added or deleted
 * @param read text of a file; undefined where it is gone
 */
export function touchedIntegrations(
  project: Project,
  changed: readonly string[],
  read: (file: string) => string | undefined,
): Integration[] {
  if (changed.includes(project.configFile)) return [...project.integrations];
  const imports = changed.flatMap((file) => {
    const text = CODE.has(extname(file)) ? read(file) : undefined;
    return text === undefined ? [] : moduleFactsOf(file, text).imports.map((from) => ({ from, file }));
  });
  return project.integrations.filter((integration) => {
    const { directory } = integration;
    const folder = `${project.config.integrations.split("/").at(-1)}/${integration.name}`;
    const named = new RegExp(`(?:^|/)${folder.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?:/|$|\\.)`);
    return (
      changed.some((file) => isInside(file, directory)) ||
      imports.some(({ from, file }) => {
        if (!from.startsWith(".")) return named.test(from);
        const target = resolve(dirname(file), from);
        return target === directory || isInside(target, directory);
      })
    );
  });
}
