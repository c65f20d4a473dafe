import type { Auth } from "../auth/auth.ts";
import type { ReadSecret } from "../auth/secrets.ts";
import type { Attempt, ErrorCode, ResponseIssue } from "../errors/errors.ts";
import type { BodyEncoding, Query } from "../exchange/request.ts";
import type { Schema } from "../exchange/response.ts";
import type { Limiter } from "../limiter/limiter.ts";
import type { BreakerOptions, BreakerState } from "../policies/breaker.ts";
import type { BulkheadOptions } from "../policies/bulkhead.ts";
import type { Clock, Sleep } from "../time/clock.ts";

/** What to do with a response that its schema does not describe: fail, say so and go on, or not look. */
export type ValidationMode = "throw" | "report" | "off";

/** The part of the platform's `fetch` that is used; MSW, a proxy or another transport can take its place. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ClientOptions {
  /** Name of the integration, `stripe`. */
  integration: string;
  /** Version of the module, `v1`. */
  version: string;
  /** One URL, or one per environment with `*` for every other. */
  baseUrl: string | Readonly<Record<string, string>>;
  /** Picks the base URL. Default: the variable `INTEG_ENV`. */
  environment?: string;
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
  auth?: Auth;
  /** Secret's name → the environment variable that holds it. */
  secrets?: Readonly<Record<string, string>>;
  /** Reads a secret elsewhere than in the environment. */
  readSecret?: ReadSecret;
  /** Where variables are looked up. Default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Default encoding of bodies. Default `json`. */
  encoding?: BodyEncoding;
  /** The header that carries a key of our making with every POST and PATCH, so that retries take effect once. */
  idempotencyHeader?: string;
  /** Statuses with which this provider promises that nothing was processed, so that even a POST may go again. */
  notProcessed?: readonly number[];
  /** Milliseconds for the logical call with all its waits and retries. Default 60 s. */
  deadlineMs?: number;
  /** Milliseconds for one attempt, until its body is read. Default 20 s. */
  timeoutMs?: number;
  /** Retries after the first attempt. Default 2. */
  retries?: number;
  /** Default `throw`. */
  validate?: ValidationMode;
  /** Largest response body, decompressed. Default 10 MiB. */
  maxBodyBytes?: number;
  breaker?: BreakerOptions | false;
  bulkhead?: BulkheadOptions;
  /** Shared by all clients of one provider. Default: one for this client. */
  limiter?: Limiter;
  /** Told of everything that happens; what it throws is ignored. */
  onEvent?: (event: ClientEvent) => void;
  fetch?: Fetch;
  clock?: Clock;
  /** Waits between attempts and for the rate limit. Default: on `clock`. */
  sleep?: Sleep;
  /** 0 ≤ r < 1; for jitter. */
  random?: () => number;
  /** Makes idempotency keys. Default: random UUIDs. */
  newKey?: () => string;
}

/** What the caller of one operation may set. */
export interface CallOptions {
  /** Further query parameters. */
  query?: Query;
  headers?: Readonly<Record<string, string>>;
  /** Gives the call up; its reason is what the call then throws. */
  signal?: AbortSignal;
  deadlineMs?: number;
  timeoutMs?: number;
  retries?: number;
  /** The caller's own key, for an effect that must happen once even across restarts. */
  idempotencyKey?: string;
}

/** One logical call. */
export interface CallRequest<T> extends CallOptions {
  /** Name of the endpoint, `list-customers`; in errors and events. */
  operation: string;
  method: string;
  /** `/v1/customers/{id}` */
  path: string;
  params?: Readonly<Record<string, string | number | undefined>>;
  /** JSON or form fields by `encoding`; strings and bytes go as they are. */
  body?: unknown;
  encoding?: BodyEncoding;
  /** What the response must be. Without one the data is `unknown`. */
  schema?: Schema<T>;
  /** Operations of a group share a circuit breaker and a quota. Default: all are one group. */
  group?: string;
}

export interface Reply<T> {
  data: T;
  status: number;
  headers: Headers;
  requestId: string | undefined;
  attempts: readonly Attempt[];
}

interface EventOrigin {
  integration: string;
  version: string;
  operation: string;
  /** Epoch milliseconds. */
  at: number;
}

/** Everything a client tells of itself. No event holds a secret or a response's data. */
export type ClientEvent = EventOrigin &
  (
    | { type: "attempt"; attempt: Attempt }
    | { type: "retry"; attempt: number; waitMs: number; reason: string }
    | { type: "held"; waitMs: number }
    | { type: "breaker"; group: string; state: BreakerState }
    | { type: "drift"; issues: readonly ResponseIssue[] }
    | { type: "call"; outcome: "ok" | ErrorCode | "aborted"; durationMs: number; attempts: number }
  );
