import type { Quota } from "../../quota/quota.ts";
import type { Clock, Sleep } from "../time/clock.ts";
import type { Scope } from "../time/scope.ts";

/** How much a call matters while the provider's limit makes calls wait. */
export type Priority = "high" | "normal" | "low";

/** The order in which waiting calls go. */
export const PRIORITIES: readonly Priority[] = ["high", "normal", "low"];

/** What a response said about the provider's limits. */
export interface LimitReading {
  quotas: readonly Quota[];
  /** The provider refused because of its limit. */
  limited: boolean;
  /** Milliseconds that it asked to wait. */
  waitMs?: number | undefined;
}

/** What a waiting call brings along. */
export interface Caller {
  priority: Priority;
  clock: Clock;
  sleep: Sleep;
  scope: Scope;
  /** Epoch milliseconds after which waiting is useless. */
  deadlineAt: number;
  /** Makes the error for a wait that would outlast the deadline. */
  held: (freeAt: number) => Error;
}

/** Leave to send one request. Both methods are to be called, `observe` only when there was a response. */
export interface Permit {
  observe(reading: LimitReading): void;
  release(): void;
}

/** Says when a request may go. Shared by all clients of a provider. */
export interface RateLimiter {
  /**
   * Waits until a request may go; gives leave at once where nothing speaks against it.
   * @param group calls that share a quota
   */
  acquire(group: string, caller: Caller): Permit | Promise<Permit>;
}
