import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result } from "../../base/result.ts";
import { generateVaultKey } from "../../secrets/stores/vault-key.ts";

export interface KeygenOptions {
  file: string;
}

/** Writes a generated key that only its owner can read. A file that exists is never replaced: a vault may hang on it. */
export async function run({ file }: KeygenOptions, ctx: Context): Promise<Result> {
  const path = resolve(ctx.cwd, file);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(path, `${generateVaultKey()}\n`, { flag: "wx", mode: 0o600, flush: true });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    throw new UsageError(`${file} exists and may be the key of a vault; it is left as it is`, {
      code: "usage/exists",
      hint: "name another file, or move this one away",
    });
  }
  // The process's umask may have taken bits away, and it never adds any: this says what holds.
  await chmod(path, 0o600);
  return {
    data: { file: path },
    text: () => `created  ${file}`,
    next: [
      `export INTEG_VAULT_KEY_FILE=${path}  before the vault's first secret is set`,
      "keep a copy where backups are kept: without the key the vault cannot be opened, and keep it out of git",
    ],
  };
}
