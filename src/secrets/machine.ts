import type { StoreKind } from "../config/project.ts";
import { nativeKeychain } from "./stores/native-keychain.ts";
import { awsIdentity } from "./stores/remote/aws-credentials.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A store that this machine has, and what tells it; the rest of a sentence. */
export interface FoundStore {
  store: StoreKind;
  why: string;
}

/** Milliseconds that a keychain may take to say that it is there: nobody waits longer for a proposal. */
const PATIENCE_MS = 2000;

/** An entry that nobody has: looking for it opens no dialog, and fails where there is no keychain. */
const NOBODY = "integ/is-anybody-there";

async function keychain(platform: NodeJS.Platform, env: Env): Promise<FoundStore | undefined> {
  if (platform === "darwin") return { store: "keychain", why: "macOS has one" };
  if (platform === "win32") return { store: "keychain", why: "Windows has one" };
  if (!env.DBUS_SESSION_BUS_ADDRESS) return undefined;
  try {
    await nativeKeychain({ timeoutMs: PATIENCE_MS }).get(NOBODY);
    return { store: "keychain", why: "the Secret Service answers" };
  } catch {
    return undefined;
  }
}

/** Asks nobody: what stands in variables and files is enough for a proposal. */
async function aws(env: Env): Promise<FoundStore | undefined> {
  const { credentials } = await awsIdentity(env);
  if (!credentials && !env.AWS_PROFILE) return undefined;
  const why = env.AWS_ACCESS_KEY_ID
    ? "AWS_ACCESS_KEY_ID is set"
    : `there is an AWS profile '${env.AWS_PROFILE || "default"}'`;
  return { store: "aws-secrets-manager", why };
}

/**
 * The stores that this machine can reach, the one to propose first: the keychain where one answers, HashiCorp Vault where
 * its address is set, AWS Secrets Manager where there are credentials, and the encrypted file, which every machine has.
 */
export async function storesHere(
  platform: NodeJS.Platform,
  env: Env,
): Promise<[FoundStore, ...FoundStore[]]> {
  const [own, remote] = await Promise.all([keychain(platform, env), aws(env)]);
  const vault: FoundStore = { store: "vault", why: "every machine has a disk" };
  const others = [
    ...(env.VAULT_ADDR ? [{ store: "hashicorp-vault", why: "VAULT_ADDR is set" } as const] : []),
    ...(remote ? [remote] : []),
  ];
  const [first = vault, ...rest] = [...(own ? [own] : []), ...others, vault];
  return [first, ...rest];
}
