import type { AsyncEntry } from "@napi-rs/keyring";
import type { Entries } from "./entries.ts";

/** The service under which every entry of integ is filed in the OS keychain. */
export const SERVICE = "integ";

/** A call into the keychain that got no answer in time: most likely a dialog waits for a person. */
export class NoAnswerError extends Error {
  constructor(afterMs: number) {
    super(`no answer within ${afterMs / 1000} s`);
    this.name = "NoAnswerError";
  }
}

/** The native library could not be loaded on this platform. */
export class NoLibraryError extends Error {
  constructor(cause: unknown) {
    super("its native library cannot be loaded", { cause });
    this.name = "NoLibraryError";
  }
}

/** What the Secret Service daemon leaves behind when it dies during a call; it is started anew by the next one. */
const DAEMON_DIED = /disconnected from message bus|NoReply|Connection (?:was|is) (?:closed|disconnected)/i;

async function loadLibrary(): Promise<typeof AsyncEntry> {
  try {
    return (await import("@napi-rs/keyring")).AsyncEntry;
  } catch (error) {
    throw new NoLibraryError(error);
  }
}

/** Gives up waiting after `ms`. The native call itself cannot be cancelled and keeps its thread. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswerError(ms)), ms);
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The OS keychain: Keychain on macOS, Credential Manager on Windows, Secret Service elsewhere. Linux is pinned to the
 * Secret Service, because the library's own choice may fall back to kernel memory, which forgets on reboot. Every native
 * entry holds a D-Bus connection, so one is kept per account.
 * @param timeoutMs how long one call may wait for a person
 */
export function nativeKeychain(timeoutMs: number): Entries {
  const entries = new Map<string, AsyncEntry>();
  const entryOf = async (account: string) => {
    const known = entries.get(account);
    if (known) return known;
    const Entry = await loadLibrary();
    const entry = new Entry(SERVICE, account, { linux: { store: "secret-service" } });
    entries.set(account, entry);
    return entry;
  };
  const call = async <T>(account: string, use: (entry: AsyncEntry) => Promise<T>): Promise<T> => {
    const once = async () => within(timeoutMs, use(await entryOf(account)));
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof Error && DAEMON_DIED.test(error.message))) throw error;
      entries.clear();
      return await once();
    }
  };
  return {
    get: async (account) => (await call(account, (entry) => entry.getPassword())) ?? undefined,
    set: (account, text) => call(account, (entry) => entry.setPassword(text)),
    remove: (account) => call(account, (entry) => entry.deleteCredential()),
  };
}
