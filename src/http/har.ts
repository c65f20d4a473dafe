import { compareText } from "../base/finding.ts";
import type { Exchange, HttpClient, HttpRequest, HttpResponse } from "./exchange.ts";
import { type BrokenEntry, type Entry, isBroken, type Remainder, readHarLog } from "./har-entries.ts";
import { harEntry, toHar } from "./har-log.ts";
import { redactUrl } from "./redact.ts";

/** Text where the bytes are UTF-8, else base64: HAR is JSON. */
function contentOf({ body, headers }: HttpResponse) {
  const bytes = Buffer.from(body);
  const text = bytes.toString("utf8");
  const exact = Buffer.from(text, "utf8").equals(bytes);
  return {
    size: bytes.length,
    mimeType: headers["content-type"] ?? "application/octet-stream",
    ...(exact ? { text } : { text: bytes.toString("base64"), encoding: "base64" }),
  };
}

/** The entry of a network panel, with the body and what else a replay needs. */
function entryOf(request: HttpRequest, exchange: Exchange) {
  const { response, phases, connection, hops, totalMs, startedAt, failure, tls } = exchange;
  const entry = harEntry({ request, exchange });
  const content = response ? contentOf(response) : entry.response.content;
  const own: Remainder = {
    phases,
    connection,
    hops,
    totalMs,
    startedAt,
    ...(failure ? { failure } : {}),
    ...(tls ? { tls } : {}),
  };
  return { ...entry, response: { ...entry.response, content }, _integ: own };
}

/**
 * A client that writes down what goes through it; `own` goes along, for whoever replays it. Credentials are redacted; bodies of responses are kept whole, bodies of
 * requests not at all.
 */
export function recordHar(client: HttpClient): { client: HttpClient; har(own?: unknown): string } {
  const entries: ReturnType<typeof entryOf>[] = [];
  return {
    client: {
      exchange: async (request, options) => {
        const exchange = await client.exchange(request, options);
        entries.push(entryOf(request, exchange));
        return exchange;
      },
      close: () => client.close(),
    },
    har: (own) => {
      const sorted = entries.toSorted((a, b) => compareText(a.startedDateTime, b.startedDateTime));
      const { log } = toHar(sorted);
      return `${JSON.stringify({ log: { ...log, ...(own === undefined ? {} : { _integ: own }) } }, undefined, 1)}\n`;
    },
  };
}

const keyOf = (method: string, url: string) => `${method.toUpperCase()} ${url}`;

function responseOf({ response }: Entry): HttpResponse {
  const { status, headers, content, httpVersion } = response;
  const version = /([12](?:\.[01])?)$/.exec(httpVersion ?? "")?.[1];
  const joined: Record<string, string> = {};
  for (const { name, value } of headers) {
    const key = name.toLowerCase();
    const before = Object.hasOwn(joined, key) ? joined[key] : undefined;
    joined[key] = before === undefined ? value : `${before}${key === "set-cookie" ? "\n" : ", "}${value}`;
  }
  if (content.mimeType !== undefined) joined["content-type"] ??= content.mimeType;
  return {
    status,
    headers: joined,
    body: Buffer.from(content.text ?? "", content.encoding === "base64" ? "base64" : "utf8"),
    httpVersion: version === "1.0" ? "1.0" : version?.startsWith("2") ? "2" : "1.1",
  };
}

function exchangeOf(entry: Entry): Exchange {
  const { request, time, startedDateTime, _integ: own } = entry;
  const base = {
    request: { method: request.method, url: request.url },
    phases: {},
    connection: { reused: false },
    hops: [],
  };
  const at = Date.parse(startedDateTime);
  const startedAt = Number.isNaN(at) ? 0 : at;
  // Browsers write status 0 where there was no answer.
  const answered = entry.response.status > 0 && !own?.failure;
  const failure = own?.failure ?? {
    kind: "unreachable" as const,
    message: `${request.url} gave no answer when it was recorded`,
  };
  return {
    ...base,
    totalMs: time,
    startedAt,
    ...own,
    ...(answered ? { response: responseOf(entry) } : { failure }),
  };
}

/** It was asked for, and what came cannot be told: the same as an answer that broke off. */
function unreadable({ reason }: BrokenEntry, { method, url }: { method: string; url: string }): Exchange {
  return {
    request: { method, url },
    failure: { kind: "protocol", message: `The recorded answer cannot be read: ${reason}` },
    phases: {},
    totalMs: 0,
    startedAt: 0,
    connection: { reused: false },
    hops: [],
  };
}

function unrecorded({ method, url, credentials }: HttpRequest): Exchange {
  const shown = redactUrl(url, credentials?.query);
  return {
    request: { method, url: shown },
    failure: {
      kind: "aborted",
      message: `the HAR file holds no answer for ${method} ${shown}`,
      hint: "record it with --har-out",
    },
    phases: {},
    totalMs: 0,
    startedAt: 0,
    connection: { reused: false },
    hops: [],
  };
}

/** Answers of a HAR file in place of the network. */
export interface Replay {
  client: HttpClient;
  /** Epoch milliseconds of the first exchange; undefined where there is none. */
  recordedAt: number | undefined;
  /** What the recorder put in besides exchanges. */
  own: unknown;
  /** Entries that cannot be read. Whoever asks for one of them gets a failure. */
  broken: BrokenEntry[];
}

/** A request as a HAR file has it: headers as they were sent, credentials among them where they were not taken out. */
export interface HarRequest {
  method: string;
  url: string;
  headers: readonly (readonly [name: string, value: string])[];
}

/**
 * Every exchange of a HAR file that can be read, in its order, and the entries that cannot.
 * @throws ConfigError `har/unreadable`
 */
export function harExchanges(
  text: string,
  file: string,
): { exchanges: { request: HarRequest; exchange: Exchange }[]; broken: BrokenEntry[] } {
  const { entries } = readHarLog(text, file);
  const exchanges = entries.filter(isSound).map((entry) => {
    const { method, url, headers = [] } = entry.request;
    const sent = headers.map(({ name, value }) => [name, value] as const);
    return { request: { method, url, headers: sent }, exchange: exchangeOf(entry) };
  });
  return { exchanges, broken: entries.filter(isBroken) };
}

const isSound = (entry: Entry | BrokenEntry): entry is Entry => !isBroken(entry);

/**
 * Replays a HAR file, of ours or of a browser: each request gets the recorded answers to its method and URL one after the
 * other, and none that was not recorded. Credentials in URLs do not count.
 * @throws ConfigError `har/unreadable`
 */
export function replayHar(text: string, file: string): Replay {
  const { entries, own } = readHarLog(text, file);
  const queues = new Map<string, Exchange[]>();
  for (const entry of entries) {
    const asked = isBroken(entry) ? entry.asked : entry.request;
    if (asked === undefined) continue;
    const key = keyOf(asked.method, redactUrl(asked.url));
    const exchange = isBroken(entry) ? unreadable(entry, asked) : exchangeOf(entry);
    const queue = queues.get(key);
    if (queue) queue.push(exchange);
    else queues.set(key, [exchange]);
  }
  const starts = entries
    .filter(isSound)
    .map(({ startedDateTime }) => Date.parse(startedDateTime))
    .filter((at) => !Number.isNaN(at));
  return {
    client: {
      exchange: async (request) => {
        const key = keyOf(request.method, redactUrl(request.url, request.credentials?.query));
        return queues.get(key)?.shift() ?? unrecorded(request);
      },
      close: async () => {},
    },
    recordedAt: starts.length === 0 ? undefined : Math.min(...starts),
    own,
    broken: entries.filter(isBroken),
  };
}
