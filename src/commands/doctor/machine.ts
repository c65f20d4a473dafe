import { constants } from "node:fs";
import { access } from "node:fs/promises";
import module from "node:module";
import type { Context } from "../../base/context.ts";
import { storesHere } from "../../secrets/machine.ts";
import type { Look } from "./look.ts";

/** As `engines` of package.json says. */
export const LEAST_NODE = "20.19";

/** @param version without the `v` */
export function lookAtNode(version: string, platform: string): Look {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_NODE.split(".").map(Number);
  const enough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  const look = { area: "node", subject: "Node", says: `${version} on ${platform}` } as const;
  return enough
    ? { ...look, state: "ok" }
    : { ...look, state: "fail", fix: `install Node ${LEAST_NODE} or newer` };
}

/** What Node 22 and newer answer when they are asked to keep compiled code. */
export type CompileCache = () => { status: number; message?: string; directory?: string };

const FAILED = 0;
const DISABLED = 3;

/** Whether compiled code is kept between two runs. @param enable absent before Node 22 */
export function lookAtCache(
  enable: CompileCache | undefined = (module as { enableCompileCache?: CompileCache }).enableCompileCache,
): Look {
  const look = { area: "cache", subject: "compile cache" } as const;
  if (!enable)
    return { ...look, state: "ok", says: "this Node has none; commands start faster from Node 22 on" };
  const { status, message, directory } = enable();
  if (status === FAILED)
    return {
      ...look,
      state: "warn",
      says: `cannot be kept${message ? `: ${message}` : ""}`,
      fix: "NODE_COMPILE_CACHE=DIRECTORY names one that can be written",
    };
  if (status === DISABLED)
    return {
      ...look,
      state: "warn",
      says: "is switched off, so every command compiles anew",
      fix: "unset NODE_DISABLE_COMPILE_CACHE",
    };
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
