import { nodeModule, nodePath } from "../platform/builtins.ts";
import { requireValues, text } from "../platform/values.ts";
import { environmentSecrets, type ReadSecret } from "./secrets.ts";

export interface StoreSecretsOptions {
  /** The integration whose secrets they are, `stripe`. */
  integration: string;
  /** The environment whose store is asked. Default: the variable `INTEG_ENV`, else the project's default. */
  environment?: string;
  /** A directory of the project. Default: where the process was started. */
  directory?: string;
  /** Default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** The command line's code for a secret that is missing, or whose store is locked or absent. */
const NOT_TO_BE_HAD = 4;

/** Milliseconds: a keychain may ask its owner first. */
const PATIENCE = 60_000;

/** The command line of the package that this module is part of. */
function commandLine(): string {
  const { dirname, join } = nodePath();
  const manifest = nodeModule()
    .createRequire(import.meta.url)
    .resolve("integ/package.json");
  return join(dirname(manifest), "bin", "integ.cjs");
}

/**
 * Reads secrets in the order of the command line: the variable (or its file), then the store of the environment, which
 * `integ secrets get` opens in a process of its own. For the developer's machine; in production variables are there.
 */
export function storeSecrets(options: StoreSecretsOptions): ReadSecret {
  requireValues("storeSecrets", options, { integration: text });
  const { integration, directory = process.cwd(), env = process.env } = options;
  const environment = options.environment ?? env.INTEG_ENV;
  const fromVariable = environmentSecrets(env);
  return async (secret, how) => {
    const values = await fromVariable(secret, how);
    if (values !== undefined && values.length > 0) return values;
    const { execFile } = await import("node:child_process");
    const chosen = environment === undefined ? [] : ["--env", environment];
    const args = [commandLine(), "secrets", "get", `${integration}/${secret.name}`, ...chosen, "--no-input"];
    const settings = { cwd: directory, env: { ...env }, encoding: "utf8", timeout: PATIENCE } as const;
    return new Promise((resolve, reject) => {
      execFile(process.execPath, args, settings, (error, stdout, stderr) => {
        if (error === null) resolve(stdout.replace(/\n$/, ""));
        else if (error.code === NOT_TO_BE_HAD) resolve(undefined);
        // What the command line says holds no secret.
        else reject(new Error(`integ secrets get ${integration}/${secret.name}: ${stderr.trim()}`));
      });
    });
  };
}
