import type { Clock } from "../../base/context.ts";
import { type Envelope, parseEnvelope, serializeEnvelope } from "../envelope.ts";
import { corrupt, stale } from "../states.ts";
import type { SecretStore, Stored } from "../store.ts";
import { readChunked, removeChunked, writeChunked } from "./chunks.ts";
import type { Entries } from "./entries.ts";
import { keychainError } from "./keychain-errors.ts";
import { nativeKeychain, SERVICE } from "./native-keychain.ts";

/** Windows keeps 2,560 bytes per credential and texts in UTF-16; some units are left for its own use. */
const WINDOWS_LIMIT = 1200;

/** Milliseconds to wait for the keychain: long where a person may be typing into its dialog. */
const TIMEOUT_MS = { attended: 120_000, unattended: 5_000 };

export interface KeychainOptions {
  project: string;
  environment: string;
  /** Serialises writers on this machine: no keychain has compare-and-set. */
  lockFile: string;
  clock: Clock;
  /** Somebody is there to answer a dialog. */
  attended: boolean;
  /** Ends a wait for the keychain. */
  signal?: AbortSignal;
  /** Called when the keychain lets us wait. */
  onWait?: () => void;
  /** Tests: other entries than the OS keychain's, another size limit. */
  entries?: Entries;
  limit?: number;
  platform?: NodeJS.Platform;
}

function parse(text: string, where: string): Stored {
  const parsed = parseEnvelope(text);
  if (parsed.ok) return { envelope: parsed.envelope, revision: parsed.envelope.rev };
  throw corrupt(
    where,
    parsed.reason,
    "integ left it untouched: look at the entry with your keychain's own program; if it is lost, remove it and set the secrets again",
  );
}

/** The OS keychain as a store: one entry per project and environment. */
export function keychainStore(options: KeychainOptions): SecretStore {
  const { project, environment, clock, lockFile, platform = process.platform } = options;
  const account = `${project}/${environment}`;
  const where = `keychain entry ${SERVICE} ${account}`;
  const limit = options.limit ?? (platform === "win32" ? WINDOWS_LIMIT : Number.POSITIVE_INFINITY);
  const entries =
    options.entries ??
    nativeKeychain({
      timeoutMs: options.attended ? TIMEOUT_MS.attended : TIMEOUT_MS.unattended,
      signal: options.signal,
      onWait: options.onWait,
    });

  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw keychainError(error, where, account, platform);
    }
  };
  const read = async (): Promise<Stored | undefined> => {
    const found = await readChunked(entries, account);
    if (found.state === "absent") return undefined;
    if (found.state === "whole") return parse(found.text, where);
    throw corrupt(where, "parts of it are missing", "remove the entry and set the secrets again");
  };
  const replace = async (envelope: Envelope, expectedRevision: number): Promise<number> => {
    const found = (await read())?.revision ?? 0;
    if (found !== expectedRevision) throw stale(where, expectedRevision, found);
    const rev = expectedRevision + 1;
    await writeChunked(entries, account, serializeEnvelope({ ...envelope, rev }), limit);
    const stored = (await read())?.revision;
    if (stored !== rev) throw corrupt(where, "it did not keep what was written", "run the command again");
    return rev;
  };
  /** Readers need no lock, and not the code of one. */
  const alone = async <T>(work: () => Promise<T>): Promise<T> => {
    const { withLock } = await import("../lock.ts");
    return withLock(lockFile, clock, () => guarded(work));
  };
  return {
    kind: "keychain",
    describe: () => where,
    read: () => guarded(read),
    write: (envelope, expectedRevision) => alone(() => replace(envelope, expectedRevision)),
    destroy: () => alone(() => removeChunked(entries, account)),
  };
}
