import { nodeCrypto } from "../../platform/builtins.ts";
import type { Clock } from "../../time/clock.ts";
import type { ClaimResult, EventStore } from "./event-store.ts";

/** The claim on the event was lost: the lease ran out, and somebody else processes the event. Undo what you can. */
export class ClaimLostError extends Error {
  constructor(id: string) {
    super(`the claim on the event ${id} was lost: its lease ran out before the work was done`);
    this.name = "ClaimLostError";
  }
}

/** A claim that is kept alive while its work goes on. */
export interface Claim {
  readonly token: string;
  /** Aborts when the claim is lost. */
  readonly signal: AbortSignal;
  stopRenewing(): void;
}

/**
 * Renews a claim every third of its lease. A renewal that fails is tried again until the lease has run out by our own
 * clock; then the claim counts as lost.
 */
function holdClaim(store: EventStore, id: string, token: string, leaseMs: number, clock: Clock): Claim {
  const lost = new AbortController();
  let ended = false;
  let cancel = () => {};
  let until = clock.now() + leaseMs;
  const renew = async () => {
    const asked = clock.now();
    try {
      if (await store.renew(id, { token, ms: leaseMs })) until = asked + leaseMs;
      else until = 0;
    } catch {
      // Tried again below, as long as the lease lasts.
    }
    if (ended) return;
    if (clock.now() >= until) lost.abort(new ClaimLostError(id));
    else schedule();
  };
  const schedule = () => {
    cancel = clock.after(leaseMs / 3, renew);
  };
  schedule();
  return {
    token,
    signal: lost.signal,
    stopRenewing: () => {
      ended = true;
      cancel();
    },
  };
}

export type OnceResult = { did: "processed" | "done" | "busy" | "lost" } | { did: "failed"; error: unknown };

/** What the work may know of its claim. */
export interface Work {
  signal: AbortSignal;
  /**
   * Completes the event through another store: one whose functions run in the transaction of the effect itself, so that
   * both happen or neither. @throws ClaimLostError: roll back
   */
  complete(within: EventStore): Promise<void>;
}

async function claim(store: EventStore, id: string, token: string, ms: number): Promise<ClaimResult> {
  try {
    return await store.claim(id, { token, ms });
  } catch (error) {
    // It may have been carried out all the same, or will be once the store is back: nobody works under this token.
    store.release(id, token).catch(() => {});
    throw error;
  }
}

/** Does the work for an event unless it was done, or is being done. Rejects when the store does, before the work. */
export async function once(
  store: EventStore,
  id: string,
  { leaseMs, clock }: { leaseMs: number; clock: Clock },
  work: (work: Work) => unknown,
): Promise<OnceResult> {
  const token = nodeCrypto().randomUUID();
  const result = await claim(store, id, token, leaseMs);
  if (result !== "claimed") return { did: result };
  const held = holdClaim(store, id, token, leaseMs, clock);
  let completed = false;
  const complete = async (within: EventStore) => {
    if (!(await within.complete(id, token))) throw new ClaimLostError(id);
    completed = true;
  };
  try {
    await work({ signal: held.signal, complete });
  } catch (error) {
    // Where even this fails, the lease runs out by itself.
    await store.release(id, token).catch(() => {});
    return error instanceof ClaimLostError ? { did: "lost" } : { did: "failed", error };
  } finally {
    held.stopRenewing();
  }
  // A transaction that was asked for and then rolled back rejects above, so this one holds.
  if (completed) return { did: "processed" };
  return { did: (await store.complete(id, token)) ? "processed" : "lost" };
}
