import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { Context } from "../../../base/context.ts";
import { UsageError } from "../../../base/errors.ts";
import type { Result } from "../../../base/result.ts";
import { shellWord } from "../../../base/text.ts";
import { findConfigFile, upward } from "../../../config/find.ts";
import { Git } from "../../../secrets/scan/git.ts";

const BIN = join("node_modules", ".bin", "integ");

/** A flag with a path as the hook sees it: git starts it at the top of the work tree. Nothing where that is where it is looked for anyway. */
function flag(name: string, path: string | undefined, top: string, usual: string): string {
  const shown = path === undefined ? usual : relative(top, path).replaceAll("\\", "/");
  return shown === usual || shown.startsWith("../") ? "" : ` ${name} ${shellWord(shown)}`;
}

/**
 * The hook's command. In a monorepo integ and its configuration may lie below the top; the hook does not go there, for what
 * git hands it is relative to the top.
 */
function commandOf({ cwd, configFile }: Context, top: string): string {
  const within = upward(cwd).filter((directory) => !relative(top, directory).startsWith(".."));
  // Where it is not installed yet, it will be in the nearest package.
  const installed = [BIN, "package.json"]
    .map((name) => within.find((directory) => existsSync(join(directory, name))))
    .find((directory) => directory !== undefined);
  const config = configFile === undefined ? findConfigFile(cwd) : resolve(cwd, configFile);
  const prefix = flag("--prefix", installed, top, "");
  return `npx --no-install${prefix} integ${flag("--config", config, top, "integ.config.yaml")} secrets scan --staged --skip-stored`;
}

/** Writes git's pre-commit hook. A hook that is there already is never changed. */
export async function installHook(ctx: Context): Promise<Result> {
  const git = new Git(ctx.cwd, ctx.signal);
  const ask = async (what: readonly string[]) =>
    resolve(ctx.cwd, (await git.output(["rev-parse", ...what])).replace(/\r?\n$/, ""));
  const path = await ask(["--git-path", "hooks/pre-commit"]);
  const command = commandOf(ctx, await ask(["--show-toplevel"]));
  const hook = `#!/bin/sh
# Looks for keys in what is about to be committed. git commit --no-verify skips it.
exec ${command}
`;
  const shown = relative(ctx.cwd, path).replaceAll("\\", "/");
  const before = await readFile(path, "utf8").catch(() => undefined);
  if (before === hook)
    return { data: { hook: shown, installed: false }, text: () => `${shown} is there already` };
  if (before !== undefined) {
    throw new UsageError(`${shown} exists and is not integ's; it is left as it is`, {
      code: "usage/exists",
      hint: `add this line to it: ${command}`,
    });
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, hook);
  await chmod(path, 0o755);
  return { data: { hook: shown, installed: true }, text: () => `created  ${shown}` };
}
