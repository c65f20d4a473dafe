import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { compareText } from "../../base/finding.ts";
import type { Project } from "../../config/project.ts";

/** What a judgement rests on: manifests, contracts, and the code of the modules. */
const COUNTS = /\.(ya?ml|json|[cm]?ts)$/;

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && COUNTS.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.split(sep).includes("node_modules"));
}

/**
 * The queue by which a coordinator and its workers meet: its name follows from the project's configuration and integrations and
 * from the version of integ, so that a worker in an older checkout never judges for a newer one.
 */
export async function queueName(project: Project, version: string): Promise<string> {
  const hash = createHash("sha256").update(`${version}\u0000${project.config.project}\u0000`);
  const files = await filesBelow(join(project.root, project.config.integrations));
  for (const file of [project.configFile, ...files.sort(compareText)]) {
    const name = file === project.configFile ? "" : relative(project.root, file).split(sep).join("/");
    hash
      .update(`${name}\u0000`)
      .update(await readFile(file))
      .update("\u0000");
  }
  return `check-${hash.digest("hex").slice(0, 16)}`;
}
