import type { Clock } from "../../../src/base/context.ts";
import type { Exchange, ExchangeFailure, HttpClient } from "../../../src/http/exchange.ts";
import { Random } from "../../contract/drift/random.ts";

const DAY = 86_400_000;
const MINUTE = 60_000;

/** What a provider does to everybody at some time; hours and days are counted from the first run. */
interface Weather {
  fromDay: number;
  minutes: number;
  /** How often it hits a request in that time. */
  share: number;
  answer: (random: Random) => Partial<Exchange>;
}

const failure = (kind: ExchangeFailure["kind"]) => (): Partial<Exchange> => ({
  failure: { kind, message: `api.acme.test gave no answer: ${kind}` },
});

function reply(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Partial<Exchange> {
  return {
    response: {
      status,
      headers: { "content-type": "application/json", ...headers },
      body: Buffer.from(body),
      httpVersion: "1.1",
    },
  };
}

const page = () => reply(502, "<html><h1>Bad gateway</h1></html>", { "content-type": "text/html" });

/** Ninety days as they are: long outages, deploys of some minutes, spent quotas, pages of a gateway under a 200. */
const WEATHER: readonly Weather[] = [
  { fromDay: 4, minutes: 90, share: 1, answer: () => reply(503, '{"error":"maintenance"}') },
  { fromDay: 11.25, minutes: 400, share: 1, answer: failure("timeout") },
  { fromDay: 17, minutes: 30, share: 0.6, answer: page },
  { fromDay: 22.5, minutes: 60, share: 0.5, answer: failure("reset") },
  { fromDay: 29, minutes: 1500, share: 1, answer: () => reply(500, "") },
  { fromDay: 36.75, minutes: 45, share: 1, answer: () => reply(429, "{}", { "retry-after": "3600" }) },
  {
    fromDay: 41,
    minutes: 120,
    share: 1,
    answer: () => reply(200, "<html>Please sign in</html>", { "content-type": "text/html" }),
  },
  { fromDay: 48.5, minutes: 30, share: 0.4, answer: () => reply(200, '{"id": "thing_') },
  { fromDay: 55, minutes: 700, share: 0.5, answer: failure("refused") },
  { fromDay: 70, minutes: 200, share: 1, answer: failure("dns") },
  { fromDay: 77, minutes: 60, share: 1, answer: () => reply(403, '{"error":"plan"}') },
  { fromDay: 83, minutes: 90, share: 0.5, answer: () => reply(503, "") },
];

/** What the API gains, and tries out, without breaking anybody. */
function body(random: Random, day: number, breaksOn: number): Record<string, unknown> {
  const thing: Record<string, unknown> = {
    id: `thing_${random.int(1, 1e6)}`,
    amount: random.int(100, 90_000),
    currency: random.pick(["eur", "usd", "gbp"]),
    email: `person${random.int(1, 1e5)}@example.com`,
    note: random.chance(0.3) ? null : "a note",
    items: Array.from({ length: random.int(0, 4) }, () => ({
      sku: `sku_${random.int(1, 500)}`,
      price: random.int(1, 1000) / 100,
      ...(random.chance(0.5) ? { discount: random.int(1, 50) } : {}),
    })),
    ...(random.chance(0.6) ? { nickname: "nick" } : {}),
  };
  // An experiment on half of the requests, another that comes and goes, a deploy that adds fields for good.
  if (day >= 9 && random.chance(0.5)) thing.experiment = { variant: random.pick(["a", "b"]) };
  if (day >= 25 && day < 40 && random.chance(0.3)) thing.banner = "Try the new dashboard";
  if (day >= 33) thing.created_at = new Date(1_700_000_000_000 + random.int(0, 1e9)).toISOString();
  if (day >= 52 && random.chance(0.5)) thing.currency = "chf";
  if (day >= breaksOn) delete thing.email;
  return thing;
}

/** A provider in virtual time: what it answers follows from the seed and the time alone. */
export function provider({
  seed,
  clock,
  start,
  breaksOn,
}: {
  seed: number;
  clock: Clock;
  /** Epoch milliseconds of day 0. */
  start: number;
  /** The day from which `email` is gone for good. */
  breaksOn: number;
}): HttpClient & { answer(day: number): Record<string, unknown> } {
  const random = new Random(seed);
  return {
    answer: (day) => body(random, day, breaksOn),
    exchange: async ({ method, url }) => {
      const now = clock.now();
      const day = (now - start) / DAY;
      const base = {
        request: { method, url },
        phases: { ttfb: 40 },
        totalMs: 40,
        startedAt: now,
        connection: { reused: true },
        hops: [],
      };
      const storm = WEATHER.find(
        ({ fromDay, minutes, share }) =>
          day >= fromDay && day < fromDay + (minutes * MINUTE) / DAY && random.chance(share),
      );
      return {
        ...base,
        ...(storm?.answer(random) ?? reply(200, JSON.stringify(body(random, day, breaksOn)))),
      };
    },
    close: async () => {},
  };
}
