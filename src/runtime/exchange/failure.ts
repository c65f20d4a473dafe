import {
  ApiError,
  AuthenticationError,
  BadResponseError,
  ConflictError,
  ConnectionError,
  type ErrorCode,
  type ErrorOrigin,
  type IntegrationError,
  InvalidRequestError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  ServerError,
  TimeoutError,
} from "../errors/errors.ts";
import { blotOut, blotText } from "../errors/redact.ts";
import type { LimitReading } from "../limiter/permit.ts";
import type { Failure } from "../policies/retry.ts";
import type { ResponseHead } from "./transport.ts";

/** An attempt that failed, before it is known whether another follows. */
export class AttemptFailed extends Error {
  readonly failure: Failure;
  /** For the attempt's record: `timeout`, `ECONNRESET`, `server_error`. */
  readonly label: string;
  readonly toError: (origin: ErrorOrigin) => IntegrationError;

  constructor(failure: Failure, label: string, toError: (origin: ErrorOrigin) => IntegrationError) {
    super(label);
    this.failure = failure;
    this.label = label;
    this.toError = toError;
  }
}

type ApiErrorClass = new (
  message: string,
  code: ErrorCode,
  origin: ErrorOrigin,
  status: number,
  body: unknown,
) => ApiError;

function classOf(status: number): [ApiErrorClass, ErrorCode, string] {
  if (status === 401) return [AuthenticationError, "authentication", "the credential was refused"];
  if (status === 403) return [PermissionError, "permission", "the credential may not do this"];
  if (status === 404 || status === 410) return [NotFoundError, "not_found", "there is no such thing"];
  if (status === 409) return [ConflictError, "conflict", "the request conflicts with the present state"];
  if (status >= 500) return [ServerError, "server_error", "the provider failed"];
  if (status >= 400) return [InvalidRequestError, "invalid_request", "the request was refused"];
  return [ApiError, "redirect", "the provider redirects elsewhere, which is not followed"];
}

/** A `…should-retry` header: `x-should-retry` of many SDKs' servers, `stripe-should-retry`. */
function shouldRetryOf(headers: ResponseHead["headers"]): boolean | undefined {
  const text = headers["x-should-retry"] ?? headers["stripe-should-retry"];
  return text === "true" ? true : text === "false" ? false : undefined;
}

/** A status that means failure, as what decides on a retry and what the caller is told. */
export function statusFailed(
  { status, headers }: ResponseHead,
  body: unknown,
  { limited, waitMs }: LimitReading,
  now: number,
  secrets: readonly string[],
): AttemptFailed {
  const failure: Failure = {
    kind: "status",
    // A 403 that is the provider's way to say 429 (GitHub's secondary limit) is treated as one.
    status: limited ? 429 : status,
    shouldRetry: shouldRetryOf(headers),
    hintMs: waitMs,
  };
  if (limited) {
    const retryAt = waitMs === undefined ? undefined : now + waitMs;
    const message = `the provider's rate limit is reached (${status})`;
    return new AttemptFailed(
      failure,
      "rate_limited",
      (origin) => new RateLimitError(message, origin, status, retryAt),
    );
  }
  const [ErrorClass, code, meaning] = classOf(status);
  const safe = blotOut(body, secrets);
  return new AttemptFailed(
    failure,
    code,
    (origin) => new ErrorClass(`${meaning} (${status})`, code, origin, status, safe),
  );
}

/** Every code in an error's chain of causes, from the outside in. */
function* codesOf(error: unknown): Generator<string> {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string") yield at.code;
  }
}

/** Whether the platform could not decompress a body: zlib's, Brotli's and Zstandard's codes. */
export function isUndecodable(error: unknown): boolean {
  for (const code of codesOf(error)) {
    if (/^(?:Z_|ERR_BROTLI|ERR__ERROR_FORMAT|ZSTD_)/.test(code)) return true;
  }
  return false;
}

/** The system's code of a network failure, from wherever in the chain of causes it is. */
function systemCodeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    // A code is a name; anything longer is somebody's text, and may hold what nobody should read.
    if ("code" in at && typeof at.code === "string" && /^[A-Z][A-Z0-9_]{1,47}$/.test(at.code)) return at.code;
    if (at instanceof AggregateError) return systemCodeOf(at.errors[0]);
  }
  return undefined;
}

/** Whether an error names what went wrong on the network. Without a name it may be a request that nobody can send. */
export function isOfNetwork(error: unknown): boolean {
  const code = systemCodeOf(error);
  return code !== undefined && !/INVALID_(?:ARG|URL)/.test(code);
}

/** `fetch` that rejected, or a body that broke off. Its own error is not handed on: it can hold the whole URL. */
export function connectionFailed(error: unknown, host: string): AttemptFailed {
  const systemCode = systemCodeOf(error);
  const message = `no response from ${host}${systemCode === undefined ? "" : ` (${systemCode})`}`;
  const cause = Object.assign(new Error(systemCode ?? "network failure"), { code: systemCode });
  return new AttemptFailed(
    { kind: "connection", systemCode },
    systemCode ?? "connection",
    (origin) => new ConnectionError(message, "connection", origin, cause),
  );
}

export function attemptTimedOut(timeoutMs: number): AttemptFailed {
  const message = `no complete response within ${timeoutMs} ms`;
  return new AttemptFailed(
    { kind: "timeout" },
    "timeout",
    (origin) => new TimeoutError(message, "timeout", origin),
  );
}

/** A successful status with a useless body. Never sent again: the effect may have happened. */
export function unusableResponse(message: string, status: number, secrets: readonly string[]): AttemptFailed {
  const safe = blotText(message, secrets);
  return new AttemptFailed(
    { kind: "status", status, shouldRetry: false },
    "bad_response",
    (origin) => new BadResponseError(safe, origin, status),
  );
}

/** The token endpoint refused: without a token nothing was sent. */
export function tokenRefused(message: string): AttemptFailed {
  return new AttemptFailed(
    { kind: "status", status: 401, shouldRetry: false, notSent: true },
    "authentication",
    (origin) => new AuthenticationError(message, "authentication", origin, 401, undefined),
  );
}

/** What kept us from the token endpoint, as a failure of an attempt whose request was never sent. */
export function withoutToken({ failure, label, toError }: AttemptFailed): AttemptFailed {
  const before = "no access token";
  return new AttemptFailed({ ...failure, notSent: true }, label, (origin) => toError({ ...origin, before }));
}
