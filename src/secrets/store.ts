import { SecretError } from "../base/errors.ts";
import type { StoreKind } from "../config/project.ts";
import type { Envelope } from "./envelope.ts";

/** What a store holds, with the revision a writer must know of to replace it. */
export interface Stored {
  envelope: Envelope;
  revision: number;
}

/**
 * Where the secrets of one environment of one project live. Every failure is a `SecretError` in one of the states
 * `missing`, `locked`, `unavailable`, `ambiguous`, `corrupt`, `stale-revision`, `refused`.
 */
export interface SecretStore {
  readonly kind: StoreKind;
  /** Where that is, for people: `keychain entry integ · shop/prod`. */
  describe(): string;
  /** `undefined` where nothing was stored yet; a store that cannot be read throws and never looks empty. */
  read(): Promise<Stored | undefined>;
  /**
   * Replaces everything in one step, seen whole or not at all, safe against concurrent writers.
   * @param expectedRevision what `read` gave, 0 where it gave nothing
   * @returns the new revision
   * @throws SecretError `stale-revision` when somebody else wrote in between
   */
  write(envelope: Envelope, expectedRevision: number): Promise<number>;
  /** Forgets everything, with every trace the store keeps of it. */
  destroy(): Promise<void>;
}

/** How often `updateEnvelope` starts again after somebody else was faster. */
const ATTEMPTS = 200;

/**
 * Reads, changes and writes, and starts again when somebody else wrote in between. `change` may run several times and
 * must be pure. Where it gives back its argument nothing is written.
 */
export async function updateEnvelope(
  store: SecretStore,
  empty: Envelope,
  change: (envelope: Envelope) => Envelope,
): Promise<Envelope> {
  for (let attempt = 1; ; attempt++) {
    const stored = await store.read();
    const before = stored?.envelope ?? empty;
    const after = change(before);
    if (after === before) return before;
    try {
      const rev = await store.write(after, stored?.revision ?? 0);
      return { ...after, rev };
    } catch (error) {
      const stale = error instanceof SecretError && error.state === "stale-revision";
      if (!stale || attempt === ATTEMPTS) throw error;
    }
  }
}
