import { expect, test } from "vitest";
import { IntegrationError } from "../../src/runtime/index.ts";
import { networkError, provider, type Reaction, type Seen } from "./support.ts";

/** mulberry32: small, and the same on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A provider on a bad day: refusals with and without hints, broken connections, stalls, half bodies, slow answers. */
function badDay(random: () => number): (seen: Seen) => Reaction {
  const mood = random();
  return () => {
    const afterMs = Math.floor(random() * 3000);
    const dice = random();
    if (dice > mood) return { afterMs, json: { id: "a" } };
    if (dice < mood * 0.2)
      return { status: 429, headers: { "retry-after": String(Math.floor(random() * 8)) } };
    if (dice < mood * 0.35) return { status: 503, afterMs };
    if (dice < mood * 0.5) return { status: 500, afterMs };
    if (dice < mood * 0.6) return { error: networkError("ECONNRESET"), afterMs };
    if (dice < mood * 0.7) return { error: networkError("ECONNREFUSED") };
    if (dice < mood * 0.8) return { never: true };
    if (dice < mood * 0.9) return { text: '{"id": "a', afterMs };
    return { status: 404 };
  };
}

interface Outcome {
  startedAt: number;
  endedAt: number;
  error: unknown;
}

const DEADLINE = 15_000;
const CALLS = 25;

async function simulate(seed: number) {
  const random = randomFrom(seed);
  const { client, seen, time } = provider(badDay(random));
  const keyed = random() < 0.5;
  const acme = client({
    random,
    deadlineMs: DEADLINE,
    timeoutMs: 4000,
    bulkhead: { maxConcurrent: 1 + Math.floor(random() * 8) },
    ...(keyed ? { idempotencyHeader: "idempotency-key" } : {}),
  });
  const outcomes: Outcome[] = [];
  const calls = Array.from({ length: CALLS }, async (_, index) => {
    await new Promise<void>((resolve) => time.clock.after(Math.floor(random() * 60_000), resolve));
    const startedAt = time.clock.now();
    const method = random() < 0.5 ? "GET" : "POST";
    const request = {
      operation: "act",
      method,
      path: `/${index}`,
      ...(method === "POST" ? { body: {} } : {}),
    };
    const error = await acme.request(request).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    outcomes.push({ startedAt, endedAt: time.clock.now(), error });
  });
  await time.run(Promise.all(calls));
  return { seen, outcomes, keyed };
}

function requestsByCall(seen: readonly Seen[]): Seen[][] {
  const byUrl = new Map<string, Seen[]>();
  for (const request of seen) byUrl.set(request.url, [...(byUrl.get(request.url) ?? []), request]);
  return [...byUrl.values()];
}

test("whatever the provider does, over 150 seeds: promises about calls, retries, keys and deadlines hold", {
  timeout: 120_000,
}, async () => {
  for (let seed = 1; seed <= 150; seed++) {
    const { seen, outcomes, keyed } = await simulate(seed);
    const where = `seed ${seed}`;
    expect(outcomes, where).toHaveLength(CALLS);
    for (const { startedAt, endedAt, error } of outcomes) {
      expect(endedAt - startedAt, `${where}: no call outlives its deadline`).toBeLessThanOrEqual(DEADLINE);
      if (error !== undefined) expect(error, where).toBeInstanceOf(IntegrationError);
    }
    for (const requests of requestsByCall(seen)) {
      expect(requests.length, `${where}: two retries at most`).toBeLessThanOrEqual(3);
      const keys = new Set(requests.map(({ headers }) => headers["idempotency-key"]));
      expect(keys.size, `${where}: one key for all attempts of a call`).toBe(1);
      const [first] = requests;
      if (first?.method === "POST") expect(keys.has(undefined), where).toBe(!keyed);
    }
  }
});

test("whatever the provider does, a POST without a key has at most one effect", async () => {
  for (let seed = 1; seed <= 150; seed++) {
    const random = randomFrom(seed);
    const { client, seen, time } = provider(badDay(random));
    const acme = client({ random, deadlineMs: DEADLINE, timeoutMs: 4000, breaker: false });
    const work = acme
      .request({ operation: "act", method: "POST", path: "/", body: {} })
      .catch((error: unknown) => error);
    const result = await time.run(work);
    const attempts = result instanceof IntegrationError ? result.attempts : undefined;
    // A refused connection never reached the provider: only such attempts may come before the one that did.
    const reached = attempts?.filter(({ failure }) => failure !== "ECONNREFUSED").length ?? 1;
    expect(reached, `seed ${seed}, ${seen.length} requests`).toBeLessThanOrEqual(1);
  }
});
