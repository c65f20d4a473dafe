import type { Issued } from "../auth/auth.ts";
import type { Attempt } from "../errors/errors.ts";
import { encodeBody, fillPath, isAddress, type Query } from "../exchange/request.ts";
import type { Priority } from "../limiter/permit.ts";
import { nodeCrypto } from "../platform/builtins.ts";
import { anyText, requireValue } from "../platform/values.ts";
import type { Scope } from "../time/scope.ts";
import type { CallRequest, ClientOptions } from "./options.ts";

/** One logical call under way: what was asked, and what has happened so far. */
export interface Call {
  operation: string;
  group: string;
  priority: Priority;
  method: string;
  /** As the caller wrote it, `/customers/{id}`: for telemetry, which must not be a series per customer. */
  template: string;
  path: string;
  query: Query;
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array<ArrayBuffer> | undefined;
  hasIdempotencyKey: boolean;
  retries: number;
  timeoutMs: number;
  /** Epoch milliseconds. */
  deadlineAt: number;
  /** Stops with the deadline and with the caller's signal. */
  scope: Scope;
  attempts: Attempt[];
  /** Something may have left this machine. */
  sent: boolean;
  /** Of the attempt under way. */
  status: number | undefined;
  requestId: string | undefined;
  /** What the attempt under way proves itself with. */
  issued: Issued | undefined;
  /** How often a refused credential was replaced by another. */
  renewals: number;
}

/** Of operations that name none. */
export const DEFAULT_GROUP = "default";

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const KEYED_METHODS = new Set(["POST", "PATCH"]);

/** Most are so already, and turning a text costs more than looking. */
const upperCase = (method: string) => (METHODS.has(method) ? method : method.toUpperCase());

/**
 * A key that the same operation of the caller's always gets, also after a restart and on another machine, and that tells
 * nothing of it: ids can be mail addresses.
 */
function derivedKey(integration: string, operation: string, operationId: string): string {
  const text = JSON.stringify([integration, operation, operationId]);
  return nodeCrypto().createHash("sha256").update(text).digest("hex").slice(0, 40);
}

/** @throws TypeError where the caller wants an effect once, and there is no header to say so in */
function keyFor(options: ClientOptions, request: CallRequest<unknown>, method: string): string | undefined {
  const { idempotencyKey, operationId, operation } = request;
  const wanted = idempotencyKey !== undefined || operationId !== undefined;
  if (wanted && options.idempotencyHeader === undefined) {
    throw new TypeError(`${operation}: an idempotency key needs the client's option \`idempotencyHeader\``);
  }
  if (idempotencyKey !== undefined) return idempotencyKey;
  if (options.idempotencyHeader === undefined || !KEYED_METHODS.has(method)) return undefined;
  if (operationId !== undefined) return derivedKey(options.integration, operation, operationId);
  return options.newKey ? options.newKey() : crypto.randomUUID();
}

/** What every request of a client carries, in lower case. */
export function baseHeaders(options: ClientOptions): Readonly<Record<string, string>> {
  return { accept: "application/json", ...lowerCase(options.headers) };
}

/**
 * What is undefined is not sent, as in a query: an optional parameter that is not given would be the text "undefined".
 * @throws TypeError where a value is no text
 */
function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  const lower: Record<string, string> = {};
  for (const [name, value] of Object.entries<string | undefined>(headers)) {
    if (value === undefined) continue;
    requireValue(`the header \`${name}\``, value, anyText);
    lower[name.toLowerCase()] = value;
  }
  return lower;
}

/**
 * Opens a call, its defaults filled in.
 * @throws UnusableParameter
 */
export function openCall(
  options: ClientOptions,
  base: Readonly<Record<string, string>>,
  request: CallRequest<unknown>,
  scope: Scope,
  deadlineAt: number,
): Call {
  const method = upperCase(request.method);
  const encoded = encodeBody(request.body, request.encoding ?? options.encoding ?? "json");
  const key = keyFor(options, request, method);
  const keyHeader = options.idempotencyHeader?.toLowerCase();
  const keyed = key !== undefined && keyHeader !== undefined;
  const plain = encoded === undefined && request.headers === undefined && !keyed;
  const headers = plain
    ? base
    : {
        ...(encoded?.contentType === undefined ? {} : { "content-type": encoded.contentType }),
        ...base,
        ...lowerCase(request.headers),
        ...(keyed ? { [keyHeader]: key } : {}),
      };
  return {
    operation: request.operation,
    group: request.group ?? DEFAULT_GROUP,
    priority: request.priority ?? "normal",
    method,
    template: isAddress(request.path) ? request.operation : request.path,
    path: fillPath(request.path, request.params),
    query: request.query ?? {},
    headers,
    body: encoded?.body,
    hasIdempotencyKey: keyed,
    retries: request.retries ?? options.retries ?? 2,
    timeoutMs: request.timeoutMs ?? options.timeoutMs ?? 20_000,
    deadlineAt,
    scope,
    attempts: [],
    sent: false,
    status: undefined,
    requestId: undefined,
    issued: undefined,
    renewals: 0,
  };
}
