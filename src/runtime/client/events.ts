import type { Quota } from "../../quota/quota.ts";
import type { Attempt, ErrorCode, ResponseIssue } from "../errors/errors.ts";
import type { BreakerState } from "../policies/breaker.ts";
import type { Price, Source } from "./options.ts";

interface EventOrigin {
  integration: string;
  version: string;
  operation: string;
  /** Epoch milliseconds. */
  at: number;
}

/** What happened, before the client has put its name to it. */
export type OwnEvent =
  | { type: "attempt"; attempt: Attempt; price?: Price }
  | { type: "retry"; attempt: number; waitMs: number; reason: string }
  | { type: "held"; waitMs: number }
  | { type: "breaker"; group: string; state: BreakerState }
  | { type: "drift"; issues: readonly ResponseIssue[] }
  | { type: "quota"; group: string; quotas: readonly Quota[] }
  /** Another credential is used from now on. `saved`: whether a new refresh token will be there after a restart. */
  | { type: "credential"; change: "renewed" }
  | { type: "credential"; change: "refresh_token_replaced"; secret: string; saved: boolean }
  | {
      type: "call";
      outcome: "ok" | ErrorCode | "aborted";
      durationMs: number;
      attempts: number;
      /** Where the data came from; undefined where there is none. */
      source?: Source;
    };

/** Everything a client tells of itself. No event holds a secret or a response's data. */
export type ClientEvent = EventOrigin & OwnEvent;
