import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import type { Context } from "../../../base/context.ts";
import { UsageError } from "../../../base/errors.ts";
import type { Result } from "../../../base/result.ts";
import { Git } from "../../../secrets/scan/git.ts";

const COMMAND = "npx --no-install integ secrets scan --staged --skip-stored";
const HOOK = `#!/bin/sh
# Looks for keys in what is about to be committed. git commit --no-verify skips it.
exec ${COMMAND}
`;

/** Writes git's pre-commit hook. A hook that is there already is never changed. */
export async function installHook(ctx: Context): Promise<Result> {
  const git = new Git(ctx.cwd, ctx.signal);
  const path = resolve(ctx.cwd, (await git.output(["rev-parse", "--git-path", "hooks/pre-commit"])).trim());
  const shown = relative(ctx.cwd, path).replaceAll("\\", "/");
  const before = await readFile(path, "utf8").catch(() => undefined);
  if (before === HOOK)
    return { data: { hook: shown, installed: false }, text: () => `${shown} is there already` };
  if (before !== undefined) {
    throw new UsageError(`${shown} exists and is not integ's; it is left as it is`, {
      code: "usage/exists",
      hint: `add this line to it: ${COMMAND}`,
    });
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, HOOK);
  await chmod(path, 0o755);
  return { data: { hook: shown, installed: true }, text: () => `created  ${shown}` };
}
