import type { CallCache } from "../cache/options.ts";
import {
  count,
  countOrNone,
  milliseconds,
  type NumberRule,
  requireNumbers,
  wait,
} from "../platform/numbers.ts";
import type { CallOptions, ClientOptions } from "./options.ts";

const status: NumberRule = {
  says: "an HTTP status from 100 to 599",
  holds: (value) => Number.isInteger(value) && value >= 100 && value <= 599,
};

const price: NumberRule = {
  says: "what one request costs, 0 or more",
  holds: (value) => value >= 0 && value < Number.POSITIVE_INFINITY,
};

const TIMES = { deadlineMs: milliseconds, timeoutMs: milliseconds, retries: countOrNone } as const;

/** @throws RangeError for an option that is no number that it can be; TypeError for a client without a name */
export function checkClient(options: ClientOptions): void {
  const { integration, version, notProcessed = [], prices = {} } = options;
  for (const [name, value] of Object.entries({ integration, version })) {
    if (typeof value !== "string" || value === "") {
      throw new TypeError(`createClient: \`${name}\` must be a name, such as ${NAMES[name]}`);
    }
  }
  requireNumbers(integration, options, { ...TIMES, maxBodyBytes: count });
  for (const one of notProcessed)
    requireNumbers(integration, { notProcessed: one }, { notProcessed: status });
  for (const [operation, { amount }] of Object.entries(prices)) {
    requireNumbers(`${integration}: the price of ${operation}`, { amount }, { amount: price });
  }
}

const NAMES: Readonly<Record<string, string>> = { integration: '"stripe"', version: '"v1"' };

/** Most calls set none of these. @throws RangeError */
export function checkCall(request: CallOptions & { operation: string }): void {
  if (request.deadlineMs === undefined && request.timeoutMs === undefined && request.retries === undefined)
    return;
  requireNumbers(request.operation, request, TIMES);
}

/** @throws RangeError */
export function checkCache(operation: string, rules: CallCache): void {
  requireNumbers(operation, rules, { freshMs: wait, staleMs: wait });
}
