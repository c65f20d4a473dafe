import { checkAuth } from "../auth/checks.ts";
import type { CallCache } from "../cache/options.ts";
import { isAddress } from "../exchange/request.ts";
import {
  count,
  countOrNone,
  milliseconds,
  type NumberRule,
  requireNumbers,
  wait,
} from "../platform/numbers.ts";
import {
  callable,
  maybe,
  oneOf,
  record,
  requireOptions,
  requireValue,
  requireValues,
  text,
  type ValueRule,
  withMethods,
} from "../platform/values.ts";
import type { CallRequest, ClientOptions } from "./options.ts";

const status: NumberRule = {
  says: "an HTTP status from 100 to 599",
  holds: (value) => Number.isInteger(value) && value >= 100 && value <= 599,
};

const price: NumberRule = {
  says: "what one request costs, 0 or more",
  holds: (value) => value >= 0 && value < Number.POSITIVE_INFINITY,
};

const TIMES = { deadlineMs: milliseconds, timeoutMs: milliseconds, retries: countOrNone } as const;

const baseUrl: ValueRule = {
  says: "an http(s) URL, or one per environment",
  holds: (value) => typeof value === "string" || record.holds(value),
};

const transport: ValueRule = {
  says: "a transport, such as undiciTransport(new Agent())",
  holds: callable.holds,
};

/** The platform's `Headers` have no properties: all of them would be lost in silence. */
const headers: ValueRule = {
  says: "an object of names and values",
  holds: (value) => record.holds(value) && !(value instanceof Headers),
};

/** What TypeScript would have refused. */
const VALUES = {
  baseUrl,
  headers: maybe(headers),
  secrets: maybe(record),
  prices: maybe(record),
  env: maybe(record),
  readSecret: maybe(callable),
  saveSecret: maybe(callable),
  encoding: maybe(oneOf("json", "form")),
  idempotencyHeader: maybe(text),
  validate: maybe(oneOf("throw", "report", "off")),
  limiter: maybe(withMethods("new Limiter()", "acquire")),
  onEvent: maybe(callable),
  fetch: maybe(callable),
  transport: maybe(transport),
  clock: maybe(withMethods("virtualTime().clock", "now", "after")),
  sleep: maybe(callable),
  random: maybe(callable),
  newKey: maybe(callable),
} as const;

/**
 * @throws RangeError for an option that is no number that it can be; TypeError for another that it cannot be, and for a
 * client without a name
 */
export function checkClient(options: ClientOptions): void {
  requireOptions("createClient", options);
  const { integration, version, notProcessed = [], prices = {} } = options;
  for (const [name, value] of Object.entries({ integration, version })) {
    if (typeof value !== "string" || value === "") {
      throw new TypeError(`createClient: \`${name}\` must be a name, such as ${NAMES[name]}`);
    }
  }
  requireValues(integration, options, VALUES);
  if (options.auth !== undefined) checkAuth(integration, options.auth);
  requireNumbers(integration, options, { ...TIMES, maxBodyBytes: count });
  for (const one of notProcessed)
    requireNumbers(integration, { notProcessed: one }, { notProcessed: status });
  for (const [operation, each] of Object.entries(prices)) {
    const owner = `${integration}: the price of ${operation}`;
    requireValues(owner, each, { currency: text });
    requireNumbers(owner, { amount: each.amount ?? Number.NaN }, { amount: price });
  }
}

const NAMES: Readonly<Record<string, string>> = { integration: '"stripe"', version: '"v1"' };

/** Below the base URL, or a whole address. */
const isPath = (path: unknown): boolean =>
  typeof path === "string" &&
  (path === "" || path.startsWith("/") || path.startsWith("?") || isAddress(path));

const CALL_VALUES = {
  signal: maybe(withMethods("an AbortSignal", "addEventListener", "removeEventListener")),
  headers: maybe(headers),
  fallback: maybe(callable),
  encoding: maybe(oneOf("json", "form")),
  priority: maybe(oneOf("high", "normal", "low")),
} as const;

/** Asked for each call, so the four that all have are looked at by hand. @throws TypeError; RangeError */
export function checkCall(request: CallRequest<unknown>): void {
  requireOptions("request", request);
  const { operation, method, path } = request;
  if (typeof operation !== "string" || typeof method !== "string" || !isPath(path)) {
    requireValues("request", request, { operation: text, method: text });
    throw new TypeError(
      `${operation}: \`path\` must begin with "/", or be an address of the base URL's origin`,
    );
  }
  const { signal, schema, fallback, encoding, priority } = request;
  if (schema !== undefined && typeof schema.safeParse !== "function") {
    requireValue(`${operation}: \`schema\``, schema, withMethods("a zod schema", "safeParse"));
  }
  if (signal ?? request.headers ?? fallback ?? encoding ?? priority) {
    requireValues(operation, request, CALL_VALUES);
  }
  if (request.deadlineMs === undefined && request.timeoutMs === undefined && request.retries === undefined)
    return;
  requireNumbers(operation, request, TIMES);
}

/** @throws RangeError */
export function checkCache(operation: string, rules: CallCache): void {
  requireNumbers(operation, rules, { freshMs: wait, staleMs: wait });
}
