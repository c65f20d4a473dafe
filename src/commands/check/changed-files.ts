import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../../base/errors.ts";
import { touchedIntegrations } from "../../check/choice/changed.ts";
import type { Project, Target } from "../../config/project.ts";

const run = promisify(execFile);
const MAX_OUTPUT = 64 * 1024 * 1024;

async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await run("git", args, { cwd, maxBuffer: MAX_OUTPUT });
  return stdout;
}

/** Names between NUL characters: a file may be called anything. */
const names = (text: string) => text.split("\0").filter((name) => name !== "");

/**
 * Files that differ from where the branch left `ref`: committed, staged, changed, and new ones that git does not ignore.
 * @throws UsageError where git or the ref is not there
 */
async function changedFiles(root: string, ref: string): Promise<string[]> {
  try {
    const top = (await git(root, "rev-parse", "--show-toplevel")).trimEnd();
    // `--end-of-options`: a ref that begins with a dash is a ref.
    const base = (await git(root, "merge-base", "--end-of-options", ref, "HEAD")).trim();
    const [tracked, added] = await Promise.all([
      git(top, "diff", "--name-only", "--no-renames", "-z", base),
      git(top, "ls-files", "--others", "--exclude-standard", "-z"),
    ]);
    return names(tracked + added).map((name) => resolve(top, name));
  } catch (error) {
    const reason =
      error instanceof Error
        ? (error.message.split("\n").find((line) => line.startsWith("fatal")) ?? error.message)
        : String(error);
    throw new UsageError(`--changed ${ref}: git cannot tell what changed: ${reason}`, {
      code: "usage/changed",
      hint: "name a commit or branch that is here; in CI fetch it first (actions/checkout with fetch-depth: 0)",
      cause: error,
    });
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** The targets of integrations that changed since `ref`. */
export async function changedTargets(
  project: Project,
  targets: readonly Target[],
  ref: string,
): Promise<Target[]> {
  const touched = new Set(touchedIntegrations(project, await changedFiles(project.root, ref), read));
  return targets.filter(({ integration }) => touched.has(integration));
}
