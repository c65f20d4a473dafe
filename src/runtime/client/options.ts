import type { Auth } from "../../signing/schemes.ts";
import type { SaveSecret } from "../auth/oauth2.ts";
import type { ReadSecret } from "../auth/secrets.ts";
import type { CacheOptions, CallCache } from "../cache/options.ts";
import type { Attempt, IntegrationError } from "../errors/errors.ts";
import type { Fetch } from "../exchange/fetch-transport.ts";
import type { BodyEncoding, Query } from "../exchange/request.ts";
import type { Schema } from "../exchange/response.ts";
import type { Transport } from "../exchange/transport.ts";
import type { Priority, RateLimiter } from "../limiter/permit.ts";
import type { BreakerOptions } from "../policies/breaker.ts";
import type { BulkheadOptions } from "../policies/bulkhead.ts";
import type { TelemetryOptions } from "../telemetry/options.ts";
import type { Clock, Sleep } from "../time/clock.ts";
import type { ClientEvent } from "./events.ts";

/** What to do with a response that its schema does not describe: fail, say so and go on, or not look. */
export type ValidationMode = "throw" | "report" | "off";

/** What a call costs. */
export interface Price {
  amount: number;
  /** ISO 4217, `USD`. */
  currency: string;
}

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
  /** Keeps a refresh token that the provider gives out in place of ours. Default: in memory alone. */
  saveSecret?: SaveSecret;
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
  limiter?: RateLimiter;
  /** Where answers are kept for calls that ask for it. Default: the process's memory, bounded. */
  cache?: CacheOptions;
  /** Operation → what one request of it costs, for telemetry. `*` for every other. */
  prices?: Readonly<Record<string, Price>>;
  /** Spans and metrics by OpenTelemetry. Default: on where the application has registered an SDK; `false` never. */
  telemetry?: TelemetryOptions | false;
  /** Told of everything that happens; what it throws is ignored. */
  onEvent?: (event: ClientEvent) => void;
  /** Default: the global `fetch`, looked up at each call. */
  fetch?: Fetch;
  /** In place of `fetch`, for high throughput: `undiciTransport(new Agent())`. */
  transport?: Transport;
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
  /** Which calls go first while the provider's limit makes calls wait. Default `normal`. */
  priority?: Priority;
  /** The caller's own key, for an effect that must happen once even across restarts. */
  idempotencyKey?: string;
  /**
   * The caller's name for this very operation (an order's number): the idempotency key is derived from it, the same
   * after a restart.
   */
  operationId?: string;
  /** Keeps the answer, and gives it when the provider cannot. Only for reads. */
  cache?: CallCache;
}

/** One logical call. */
export interface CallRequest<T> extends CallOptions {
  /** Name of the endpoint, `list-customers`; in errors and events. */
  operation: string;
  method: string;
  /** `/v1/customers/{id}`; or a whole address of the base URL's origin, as providers link to things. */
  path: string;
  params?: Readonly<Record<string, string | number | undefined>>;
  /** JSON or form fields by `encoding`; strings and bytes go as they are. */
  body?: unknown;
  encoding?: BodyEncoding;
  /** What the response must be. Without one the data is `unknown`. */
  schema?: Schema<T>;
  /** Operations of a group share a circuit breaker and a quota. Default: all are one group. */
  group?: string;
  /** Gives the data of a call that failed and for which no kept answer is there; or throws. */
  fallback?: (reason: IntegrationError) => T | Promise<T>;
}

/** Where the data of a reply came from. */
export type Source = "provider" | "cache" | "fallback";

/** An answer with everything about it. */
export interface Reply<T> {
  data: T;
  /** `cache`: kept from an earlier call. `fallback`: made by the call's own `fallback`. */
  source: Source;
  /** Milliseconds since the provider gave the data. */
  ageMs: number;
  /** Why it is not the provider's answer of now; absent where a kept one was still fresh. */
  reason?: IntegrationError;
  /** Of a kept answer, the one of the time; undefined of a fallback. So are headers and request id. */
  status: number | undefined;
  readonly headers: Headers;
  requestId: string | undefined;
  attempts: readonly Attempt[];
}
