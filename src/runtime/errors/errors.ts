/** What happened on one attempt of a logical call. Holds no header, body, query string or secret. */
export interface Attempt {
  /** Counts from 1. */
  number: number;
  /** Epoch milliseconds. */
  startedAt: number;
  /** Milliseconds until the whole response was read, or the attempt failed. */
  durationMs: number;
  status?: number;
  requestId?: string;
  /** Why there was no usable response: `timeout`, `ECONNRESET`, `server_error` … */
  failure?: string;
  /** Milliseconds waited before the next attempt; absent on the last one. */
  waitedMs?: number;
}

/** Where an error came from: part of every error's fields and of its JSON form. */
export interface ErrorOrigin {
  integration: string;
  version: string;
  operation: string;
  attempts: readonly Attempt[];
  requestId?: string | undefined;
  /** What could not be done, where it was not the request itself: `no access token`. */
  before?: string;
}

export type ErrorCode =
  | "invalid_request"
  | "authentication"
  | "permission"
  | "not_found"
  | "conflict"
  | "rate_limited"
  | "server_error"
  | "redirect"
  | "connection"
  | "timeout"
  | "deadline"
  | "circuit_open"
  | "overloaded"
  | "bad_response"
  | "validation"
  | "missing_secret"
  | "secret_unreadable";

/**
 * Every failure of a call, except the caller's own `AbortSignal`, whose reason is thrown as it is. No field holds a
 * secret: URLs appear without their query, texts from outside with every known secret value blotted out.
 */
export class IntegrationError extends Error {
  readonly code: ErrorCode;
  readonly integration: string;
  readonly version: string;
  readonly operation: string;
  /** Every attempt that was made, in order; empty when nothing was sent. */
  readonly attempts: readonly Attempt[];
  /** The provider's id of the last response, for its support team. */
  readonly requestId: string | undefined;

  constructor(message: string, code: ErrorCode, origin: ErrorOrigin, cause?: unknown) {
    super(
      `${origin.integration}@${origin.version} ${origin.operation}: ${origin.before === undefined ? "" : `${origin.before}: `}${message}`,
      cause === undefined ? undefined : { cause },
    );
    this.name = new.target.name;
    this.code = code;
    this.integration = origin.integration;
    this.version = origin.version;
    this.operation = origin.operation;
    this.attempts = origin.attempts;
    this.requestId = origin.requestId;
  }

  /** For structured logs. */
  toJSON(): Record<string, unknown> {
    const { name, message, code, integration, version, operation, requestId, attempts } = this;
    return { name, message, code, integration, version, operation, requestId, attempts };
  }
}

/** The provider answered with a status that means failure. */
export class ApiError extends IntegrationError {
  readonly status: number;
  /** The parsed body, secrets blotted out; text where it is not JSON, `undefined` where there is none. */
  readonly body: unknown;

  constructor(message: string, code: ErrorCode, origin: ErrorOrigin, status: number, body: unknown) {
    super(message, code, origin);
    this.status = status;
    this.body = body;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), status: this.status };
  }
}

/** 400, 422 and every other 4xx without a class of its own: our request is wrong; the same again fails again. */
export class InvalidRequestError extends ApiError {}
/** 401: the credential is missing, wrong or revoked, also after it was read afresh. */
export class AuthenticationError extends ApiError {}
/** 403: the credential is valid but may not do this. */
export class PermissionError extends ApiError {}
/** 404 and 410. */
export class NotFoundError extends ApiError {}
/** 409. */
export class ConflictError extends ApiError {}
/** 5xx: the provider failed, after every retry that was allowed. */
export class ServerError extends ApiError {}

/**
 * The provider's rate limit: a 429, or a wait that the limiter knows to be longer than the call's deadline, in which
 * case nothing was sent and `status` is undefined.
 */
export class RateLimitError extends IntegrationError {
  readonly status: number | undefined;
  /** Epoch milliseconds before which another call is useless; undefined where the provider did not say. */
  readonly retryAt: number | undefined;

  constructor(message: string, origin: ErrorOrigin, status: number | undefined, retryAt: number | undefined) {
    super(message, "rate_limited", origin);
    this.status = status;
    this.retryAt = retryAt;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), status: this.status, retryAt: this.retryAt };
  }
}

/** No response came: DNS, refused or broken connection, TLS. `cause.code` is the system's error code. */
export class ConnectionError extends IntegrationError {}

/** `timeout`: the last attempt took too long. `deadline`: the logical call, with its retries and waits, did. */
export class TimeoutError extends IntegrationError {}

/** Recent calls failed so often that this one was not sent. */
export class CircuitOpenError extends IntegrationError {
  /** Epoch milliseconds at which a trial call is let through. */
  readonly retryAt: number;

  constructor(message: string, origin: ErrorOrigin, retryAt: number) {
    super(message, "circuit_open", origin);
    this.retryAt = retryAt;
  }
}

/** As many calls wait for a free slot as may wait; this one was not sent. */
export class OverloadedError extends IntegrationError {}

/** A successful status with a body that cannot be used: not JSON, cut off, too large, not what its encoding says. */
export class BadResponseError extends IntegrationError {
  readonly status: number;

  constructor(message: string, origin: ErrorOrigin, status: number, cause?: unknown) {
    super(message, "bad_response", origin, cause);
    this.status = status;
  }
}

/** A part of a response that our schema does not describe; says where and what was expected, never the value. */
export interface ResponseIssue {
  /** JSONPath: `$.data[0].email`. */
  path: string;
  message: string;
}

/**
 * The response is not what the consumer schema says: the provider changed it, or the schema is wrong. `cause` is what a
 * check of the schema threw, where one did.
 */
export class ValidationError extends IntegrationError {
  readonly issues: readonly ResponseIssue[];

  constructor(message: string, origin: ErrorOrigin, issues: readonly ResponseIssue[], cause?: unknown) {
    super(message, "validation", origin, cause);
    this.issues = issues;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), issues: this.issues };
  }
}

/**
 * Where a secret should have come from there was an error: `readSecret` threw, a mounted file could not be read. `cause`
 * is that error; a copy of its text where it held the value of a secret.
 */
export class SecretUnreadableError extends IntegrationError {
  readonly variable: string;

  constructor(message: string, origin: ErrorOrigin, variable: string, cause: unknown) {
    super(message, "secret_unreadable", origin, cause);
    this.variable = variable;
  }
}

/** A secret that the call needs is not set. */
export class MissingSecretError extends IntegrationError {
  readonly variable: string;

  constructor(message: string, origin: ErrorOrigin, variable: string) {
    super(message, "missing_secret", origin);
    this.variable = variable;
  }
}
