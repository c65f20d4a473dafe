import { createRequire } from "node:module";
import type { AsyncEntry } from "@napi-rs/keyring";
import type { Entries } from "./entries.ts";
import { type Patience, waitFor } from "./waiting.ts";

/** The service under which every entry of integ is filed in the OS keychain. */
export const SERVICE = "integ";

/** The native library could not be loaded on this platform. */
export class NoLibraryError extends Error {
  constructor(cause: unknown) {
    super("its native library cannot be loaded", { cause });
    this.name = "NoLibraryError";
  }
}

/** What the Secret Service daemon leaves behind when it dies during a call; it is started anew by the next one. */
const DAEMON_DIED =
  /disconnected from message bus|NoReply|Did not receive a reply|Connection (?:was|is) (?:closed|disconnected)/i;

type Library = typeof import("@napi-rs/keyring");

/**
 * The build for glibc by its own name, past the library's choice among its builds: that takes 3 ms, a twentieth of what
 * `integ run` may take. Undefined where it is not that one.
 */
function usualBuild(require: NodeJS.Require): Library | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const beside = createRequire(require.resolve("@napi-rs/keyring"));
    return beside(`@napi-rs/keyring-linux-${process.arch}-gnu`);
  } catch {
    return undefined;
  }
}

/** By `require`, because it is CommonJS: `import` would first parse it for its exports, which costs half as much again. */
function loadLibrary(): typeof AsyncEntry {
  const require = createRequire(import.meta.url);
  try {
    const library: Library = usualBuild(require) ?? require("@napi-rs/keyring");
    return library.AsyncEntry;
  } catch (error) {
    throw new NoLibraryError(error);
  }
}

/**
 * The OS keychain: Keychain on macOS, Credential Manager on Windows, Secret Service elsewhere. Linux is pinned to the
 * Secret Service, because the library's own choice may fall back to kernel memory, which forgets on reboot. Every native
 * entry holds a D-Bus connection, so one is kept per account.
 * @param patience how long one call may wait for a person
 */
export function nativeKeychain(patience: Patience): Entries {
  const entries = new Map<string, AsyncEntry>();
  const entryOf = (account: string) => {
    const known = entries.get(account);
    if (known) return known;
    const Entry = loadLibrary();
    const entry = new Entry(SERVICE, account, { linux: { store: "secret-service" } });
    entries.set(account, entry);
    return entry;
  };
  const call = async <T>(account: string, use: (entry: AsyncEntry) => Promise<T>): Promise<T> => {
    const once = async () => waitFor(use(entryOf(account)), patience);
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
