/** The right to process one event, for a while. */
export interface Lease {
  /** Made anew for each claim: who has lost the claim cannot complete the event. */
  token: string;
  /** Milliseconds after which somebody else may claim the event, unless the lease is renewed. */
  ms: number;
}

/** `claimed`: go on. `done`: it was processed. `busy`: somebody else is at it, and has not finished. */
export type ClaimResult = "claimed" | "done" | "busy";

/**
 * Remembers which events were processed. Every method must be atomic for one event among all processes; any may reject,
 * in which case the event is not processed and the provider is asked to deliver it again.
 */
export interface EventStore {
  claim(id: string, lease: Lease): Promise<ClaimResult>;
  /** Makes the lease last `ms` from now. `false`: the claim is no longer ours. */
  renew(id: string, lease: Lease): Promise<boolean>;
  /** The event is processed for good. `false`: the claim is no longer ours. */
  complete(id: string, token: string): Promise<boolean>;
  /** Gives the claim up: the effect failed, and the next delivery may try at once. */
  release(id: string, token: string): Promise<void>;
}
