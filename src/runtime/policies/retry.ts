import { backoff } from "./jitter.ts";

/** Methods that may be sent twice with the effect of once (RFC 9110 §9.2.2). */
const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"]);

/** The system's error codes that prove the request never left this machine, or never reached the other one. */
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "ENETUNREACH",
  "EHOSTUNREACH",
]);

/** How an attempt failed, as far as a retry is concerned. */
export interface Failure {
  kind: "status" | "connection" | "timeout";
  status?: number;
  /** The system's error code of a broken connection. */
  systemCode?: string | undefined;
  /** What a `…should-retry` header of the provider said. */
  shouldRetry?: boolean | undefined;
  /** Milliseconds the provider asked to wait. */
  hintMs?: number | undefined;
  /** The request itself was never sent: what failed was fetching its access token. */
  notSent?: boolean;
}

export interface RetryPolicy {
  method: string;
  /** A key goes with the request, so that the provider takes effect once. */
  hasIdempotencyKey: boolean;
  /** Statuses with which the provider promises that nothing was processed. */
  notProcessed: readonly number[];
}

function isTransient({ kind, status = 0, shouldRetry }: Failure): boolean {
  if (shouldRetry !== undefined) return shouldRetry;
  if (kind !== "status") return true;
  if (status === 408 || status === 425 || status === 429) return true;
  // Not implemented and HTTP version not supported will not be otherwise in a second.
  return status >= 500 && status !== 501 && status !== 505;
}

function isSafe(failure: Failure, policy: RetryPolicy): boolean {
  if (failure.notSent || policy.hasIdempotencyKey || IDEMPOTENT.has(policy.method)) return true;
  if (failure.kind === "status") return policy.notProcessed.includes(failure.status ?? 0);
  return failure.kind === "connection" && NEVER_SENT.has(failure.systemCode ?? "");
}

/** Whether the same request may go again: the failure passes with time, and a second effect cannot follow. */
export function mayRetry(failure: Failure, policy: RetryPolicy): boolean {
  return isTransient(failure) && isSafe(failure, policy);
}

/** Milliseconds until the retry: what the provider says, else backoff with full jitter. */
export function retryDelay(failure: Failure, retry: number, random: () => number): number {
  return failure.hintMs ?? backoff(retry, random);
}
