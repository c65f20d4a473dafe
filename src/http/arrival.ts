import { ACCEPT_ENCODING, decodeBody } from "./decode.ts";
import type {
  Exchange,
  ExchangeFailure,
  Hop,
  HttpRequest,
  HttpResponse,
  Limits,
  Phases,
} from "./exchange.ts";
import { ExchangeError } from "./failure.ts";
import type { Answer } from "./link.ts";
import { redactUrl } from "./redact.ts";
import { phasesOf } from "./times.ts";

/** What one hop came to. */
export type Arrival = Partial<Pick<Exchange, "response" | "failure" | "tls">> &
  Pick<Exchange, "phases" | "connection"> & { endedMs?: number };

export const sumOf = (phases: Phases) => Object.values(phases).reduce((sum, ms) => sum + ms, 0);

export const sumOfHops = (hops: readonly Hop[]) => hops.reduce((sum, { durationMs }) => sum + durationMs, 0);

export function accountOf({ times, connection, tls: info }: Answer): Omit<Arrival, "response" | "failure"> {
  const account: Omit<Arrival, "response" | "failure"> = { phases: phasesOf(times), connection };
  if (times.end !== undefined) account.endedMs = times.end;
  if (info) account.tls = info;
  return account;
}

/** A response with its encoding undone, within its bound. */
export async function arrive(
  answer: Answer,
  response: HttpResponse,
  limits: Limits,
  host: string,
): Promise<Arrival> {
  const account = accountOf(answer);
  const encoding = response.headers["content-encoding"] ?? "";
  if (encoding === "") return Object.assign(account, { response });
  try {
    const body = await decodeBody(response.body, encoding, limits.maxBodyBytes, host);
    return { ...account, response: { ...response, body } };
  } catch (error) {
    if (error instanceof ExchangeError) return { ...account, failure: error.failure };
    throw error;
  }
}

const DEFAULTS: readonly (readonly [string, string])[] = [
  ["accept", "*/*"],
  ["accept-encoding", ACCEPT_ENCODING],
];

/** What every request says unless it says otherwise. */
export function withDefaults(headers: Readonly<Record<string, string>>): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of DEFAULTS) if (!says(headers, name)) all[name] = value;
  return Object.assign(all, headers);
}

/** @param wanted in lower case */
function says(headers: Readonly<Record<string, string>>, wanted: string): boolean {
  for (const name in headers) if (name.length === wanted.length && name.toLowerCase() === wanted) return true;
  return false;
}

export function hopOf(
  request: HttpRequest,
  response: HttpResponse,
  next: HttpRequest,
  { phases }: Arrival,
): Hop {
  const query = request.credentials?.query;
  return {
    url: redactUrl(request.url, query),
    status: response.status,
    location: redactUrl(next.url, query),
    durationMs: sumOf(phases),
  };
}

export function failureOf(kind: ExchangeFailure["kind"], message: string, hint?: string): ExchangeFailure {
  return { kind, message, ...(hint ? { hint } : {}) };
}

export function refuse(
  { response: _response, ...arrival }: Arrival,
  kind: ExchangeFailure["kind"],
  message: string,
): Arrival {
  return { ...arrival, failure: failureOf(kind, message) };
}

/** Nothing was sent. */
export const unsent = (failure: ExchangeFailure): Arrival => ({
  failure,
  phases: {},
  connection: { reused: false },
});
