import { accessSync, constants, existsSync } from "node:fs";
import { access } from "node:fs/promises";
import module from "node:module";
import { dirname } from "node:path";
import { compiledDirectory } from "../../base/cache-directory.ts";
import type { Context } from "../../base/context.ts";
import { storesHere } from "../../secrets/machine.ts";
import type { Look } from "./look.ts";

/** Without a judgement: no command starts on a Node that is too old. */
export const thisNode: Look = {
  area: "node",
  subject: "Node",
  state: "ok",
  says: `${process.versions.node} on ${process.platform} ${process.arch}`,
};

/** What Node 22 and newer answer when they are asked to keep compiled code. */
export type CompileCache = () => { status: number; message?: string; directory?: string };

const FAILED = 0;
const DISABLED = 3;

const SWITCHED_OFF = {
  state: "warn",
  says: "is switched off, so every command compiles anew",
  fix: "unset NODE_DISABLE_COMPILE_CACHE",
} as const;

function cannotBeKept(why: string | undefined) {
  const says = `cannot be kept${why ? `: ${why}` : ""}`;
  return { state: "warn", says, fix: "NODE_COMPILE_CACHE=DIRECTORY names one that can be written" } as const;
}

function mayWrite(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return !existsSync(directory) && dirname(directory) !== directory && mayWrite(dirname(directory));
  }
}

/** Before Node 22 it is integ that keeps it. */
export function lookAtOwnCache(env: Context["env"]): Pick<Look, "state" | "says" | "fix"> {
  const directory = compiledDirectory(env, process.platform);
  if (directory === "off") return SWITCHED_OFF;
  if (directory !== undefined && mayWrite(directory)) return { state: "ok", says: `in ${directory}` };
  const why = directory === undefined ? "there is no home directory" : `${directory} cannot be written`;
  return cannotBeKept(why);
}

/** Whether compiled code is kept between two runs. @param enable absent before Node 22 */
export function lookAtCache(
  env: Context["env"],
  enable: CompileCache | undefined = (module as { enableCompileCache?: CompileCache }).enableCompileCache,
): Look {
  const look = { area: "cache", subject: "compile cache" } as const;
  if (!enable) return { ...look, ...lookAtOwnCache(env) };
  const { status, message, directory } = enable();
  if (status === FAILED) return { ...look, ...cannotBeKept(message) };
  if (status === DISABLED) return { ...look, ...SWITCHED_OFF };
  return { ...look, state: "ok", says: directory ? `in ${directory}` : "is kept" };
}

/** Variables that change whom this machine trusts. Nothing is said where none is set. */
export async function lookAtTrust(env: Context["env"]): Promise<Look[]> {
  const looks: Look[] = [];
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === "0")
    looks.push({
      area: "tls",
      subject: "NODE_TLS_REJECT_UNAUTHORIZED",
      state: "fail",
      says: "every certificate is taken for good: anybody between here and a provider can read the secrets",
      fix: "unset it; NODE_EXTRA_CA_CERTS=/path/ca.pem trusts an authority of your own",
    });
  const file = env.NODE_EXTRA_CA_CERTS;
  if (file) {
    const readable = await access(file, constants.R_OK).then(
      () => true,
      () => false,
    );
    looks.push({
      area: "tls",
      subject: "NODE_EXTRA_CA_CERTS",
      ...(readable
        ? { state: "ok", says: `further authorities from ${file}` }
        : {
            state: "warn",
            says: `${file} cannot be read, and Node goes on without it`,
            fix: "correct the path, or unset the variable",
          }),
    });
  }
  return looks;
}

/** Where secrets could be kept, for who has no project yet. */
export async function lookAtStoresHere(platform: NodeJS.Platform, env: Context["env"]): Promise<Look> {
  const stores = await storesHere(platform, env);
  return {
    area: "store",
    subject: "stores",
    state: "ok",
    says: stores.map(({ store, why }) => `${store} (${why})`).join(", "),
  };
}
