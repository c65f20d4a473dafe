import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { type Finding, finding } from "../../base/finding.ts";
import { CHECK_RULES } from "../../check/rules.ts";
import { MANIFEST_FILE } from "../../config/find.ts";
import type { Project } from "../../config/project.ts";
import { LOCK_FILE, type ModuleLock, parseLock } from "../../scaffold/lock.ts";

async function readLock(root: string): Promise<string | undefined> {
  try {
    return await readFile(join(root, LOCK_FILE), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The line of the lock at which a module begins; the first where it is formatted otherwise. */
function lineOf(name: string, lock: string): number {
  const index = lock
    .split("\n")
    .findIndex((line) => line.trimStart().startsWith(`${JSON.stringify(name)}: {`));
  return Math.max(index, 0) + 1;
}

/** Where the module's manifest was generated. */
function manifestOf(name: string, { files }: ModuleLock): string {
  return (
    Object.keys(files).find((path) => path.endsWith(`/${name}/${MANIFEST_FILE}`)) ??
    `${name}/${MANIFEST_FILE}`
  );
}

/**
 * Integrations that integ.lock.json knows and the project no longer has. Without this, a manifest that is lost in a merge
 * takes its endpoints out of the check and leaves it green.
 * @throws ConfigError where the lock cannot be read as one
 */
export async function judgeLocked(project: Project, cwd: string): Promise<Finding[]> {
  const text = await readLock(project.root);
  const known = new Set(project.integrations.map(({ name }) => name));
  const lost = Object.entries(parseLock(text).modules).filter(([name]) => !known.has(name));
  return lost.map(([name, module]) => {
    const manifest = manifestOf(name, module);
    return finding({
      rule: CHECK_RULES.integrationMissing.id,
      severity: CHECK_RULES.integrationMissing.severity,
      message: `${LOCK_FILE} has the integration ${name}, but ${manifest} is not there: nothing of it is checked`,
      integration: name,
      help: `restore it (git checkout -- ${manifest}), or take \`${name}\` out of ${LOCK_FILE} where it is gone for good`,
      location: {
        file: relative(cwd, join(project.root, LOCK_FILE)).replaceAll("\\", "/"),
        line: lineOf(name, text ?? ""),
        column: 1,
      },
    });
  });
}
