import { afterAll, beforeAll, expect, test } from "vitest";
import { type Auth, type ClientEvent, IntegrationError, Limiter } from "../../../src/runtime/index.ts";
import { must, overSeeds } from "./seeds.ts";
import {
  type Arrival,
  answer,
  badDay,
  type Fate,
  makeWorld,
  mostWithin,
  pause,
  type World,
} from "./world.ts";

/** Ten thousand in all. */
const SEEDS = { badDays: 8400, quotas: 500, rates: 300, outages: 100, repeats: 600, tokens: 100 };

const OAUTH: Auth = {
  scheme: "oauth2-client-credentials",
  tokenUrl: "/token",
  clientId: "me",
  clientSecret: "ACME_SECRET",
};
const TOKEN = JSON.stringify({ access_token: "t", expires_in: 3600 });

// Most calls fail here, and nobody reads where.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

test(
  "on bad days: no call outlives its deadline, none is sent more often than allowed, none has two effects",
  {
    timeout: 120_000,
  },
  () =>
    overSeeds(SEEDS.badDays, async (seed) => {
      const world = makeWorld(seed, badDay((seed % 10) / 10 + 0.05));
      const { random } = world;
      const keyed = random() < 0.5;
      const retries = Math.floor(random() * 4);
      const deadlineMs = 2000 + Math.floor(random() * 15_000);
      const maxConcurrent = 1 + Math.floor(random() * 4);
      const acme = world.client({
        deadlineMs,
        timeoutMs: 4000,
        retries,
        bulkhead: { maxConcurrent },
        ...(keyed ? { idempotencyHeader: "idempotency-key" } : {}),
      });
      const calls = Array.from({ length: 1 + (seed % 3) }, async (_, index) => {
        await pause(world, Math.floor(random() * 5000));
        const startedAt = world.time.clock.now();
        const method = random() < 0.5 ? "GET" : "POST";
        const work = acme.send({
          operation: "act",
          method,
          path: `/${index}`,
          ...(method === "POST" ? { body: {} } : {}),
        });
        const error: unknown = await work.then(
          () => undefined,
          (reason) => reason,
        );
        must(world.time.clock.now() - startedAt <= deadlineMs, "a call outlived its deadline");
        must(error === undefined || error instanceof IntegrationError, `not one of ours: ${error}`);
        const arrivals = world.arrivals.filter(({ path }) => path === `/${index}`);
        must(arrivals.length <= retries + 1, `${arrivals.length} requests, ${retries} retries`);
        must(new Set(arrivals.map(({ key }) => key)).size <= 1, "two keys for one call");
        if (method === "POST") checkEffect(world, arrivals, { keyed, succeeded: error === undefined });
      });
      await world.time.run(Promise.all(calls));
    }),
);

function checkEffect(
  { effects }: World,
  arrivals: readonly Arrival[],
  { keyed, succeeded }: { keyed: boolean; succeeded: boolean },
): void {
  const [first] = arrivals;
  const effect = effects.get((keyed ? first?.key : first?.path) ?? "") ?? 0;
  must(keyed || arrivals.length <= 1, "a POST without a key was repeated");
  must(effect <= 1, `${effect} effects of one call`);
  must(!succeeded || effect === 1, "a success without effect");
}

test(
  "a caller's operation, repeated until it succeeds and after restarts, has exactly one effect",
  {
    timeout: 60_000,
  },
  () =>
    overSeeds(SEEDS.repeats, async (seed) => {
      const world = makeWorld(seed + 50_000, badDay(0.6));
      const buy = async () => {
        for (let restart = 0; restart < 40; restart++) {
          const acme = world.client({
            idempotencyHeader: "idempotency-key",
            deadlineMs: 10_000,
            timeoutMs: 3000,
          });
          const call = {
            operation: "buy",
            method: "POST",
            path: "/buy",
            body: { n: 1 },
            operationId: `order-${seed}`,
          };
          if (
            await acme.send(call).then(
              () => true,
              () => false,
            )
          )
            return true;
          await pause(world, 1000);
        }
        return false;
      };
      must(await world.time.run(buy()), "it never succeeded");
      must(world.effects.size === 1, `${world.effects.size} effects`);
    }),
);

interface Quota {
  limit: number;
  windowMs: number;
}

/** A provider that counts in fixed windows and refuses what is too much, and says so in headers. */
function counting({ limit, windowMs }: Quota) {
  const used = new Map<number, number>();
  const fate = ({ at }: Arrival, random: () => number): Fate => {
    const window = Math.floor(at / windowMs);
    const count = (used.get(window) ?? 0) + 1;
    used.set(window, count);
    const headers = {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(Math.max(0, limit - count)),
      "x-ratelimit-reset": String(((window + 1) * windowMs) / 1000),
    };
    const status = count > limit ? 429 : random() < 0.1 ? 500 : 200;
    return { acts: status === 200, afterMs: Math.floor(random() * 300), reply: answer(status, headers) };
  };
  return { fate, used };
}

test(
  "of a quota that headers teach, no more than the promised share is used, and nothing is refused",
  {
    timeout: 60_000,
  },
  () =>
    overSeeds(SEEDS.quotas, async (seed) => {
      const limit = 4 + (seed % 9);
      const reserve = (seed % 4) / 10;
      const { fate, used } = counting({ limit, windowMs: 5000 });
      const world = makeWorld(seed, fate);
      const acme = world.client({ limiter: new Limiter({ reserve }), deadlineMs: 120_000, breaker: false });
      const get = { operation: "get", method: "GET", path: "/x" };
      const quiet = () => acme.request(get).catch(() => {});
      // Nobody can know a quota before the first answer.
      await world.time.run(quiet());
      const burst = Array.from({ length: 12 }, async () => {
        await pause(world, Math.floor(world.random() * 8000));
        await quiet();
      });
      await world.time.run(Promise.all(burst));
      const share = limit - Math.ceil(limit * reserve);
      for (const [window, count] of used) must(count <= share, `${count} of ${share} in window ${window}`);
    }),
);

test("a rate that is known beforehand is never exceeded, whatever the priorities", { timeout: 60_000 }, () =>
  overSeeds(SEEDS.rates, async (seed) => {
    const rate = { requests: 1 + (seed % 5), perMs: 500 + (seed % 7) * 300 };
    const world = makeWorld(seed, (_arrival, random) => ({
      acts: true,
      afterMs: Math.floor(random() * 500),
      reply: answer(random() < 0.2 ? 503 : 200),
    }));
    const limiter = new Limiter({ rate });
    const clients = [1, 2].map(() => world.client({ limiter, deadlineMs: 60_000, breaker: false }));
    const calls = Array.from({ length: 12 }, async (_, index) => {
      await pause(world, Math.floor(world.random() * 3000));
      const priority = (["high", "normal", "low"] as const)[index % 3] ?? "normal";
      await clients[index % 2]
        ?.request({ operation: "get", method: "GET", path: "/x", priority, group: `g${index % 2}` })
        .catch(() => {});
    });
    await world.time.run(Promise.all(calls));
    must(mostWithin(world.arrivals, rate.perMs) <= rate.requests, "too many within the rate's time");
  }),
);

test(
  "in an outage the circuit opens, lets nothing through but trials, and recovers when it is over",
  {
    timeout: 60_000,
  },
  () =>
    overSeeds(SEEDS.outages, async (seed) => {
      const world = makeWorld(seed, ({ at }, random) => {
        const down = at >= outage.from && at < outage.to;
        return { acts: !down, afterMs: Math.floor(random() * 50), reply: down ? answer(503) : answer(200) };
      });
      const start = world.time.clock.now();
      const outage = { from: start + 5000, to: start + 40_000 + (seed % 20) * 1000 };
      const openMs = 10_000;
      const acme = world.client({ retries: 0, breaker: { minimumCalls: 5, windowMs: 10_000, openMs } });
      const walk = async () => {
        let ok = false;
        for (let i = 0; i < 120; i++) {
          ok = await acme.request({ operation: "get", method: "GET", path: `/${i}` }).then(
            () => true,
            () => false,
          );
          await pause(world, 600 + Math.floor(world.random() * 100));
        }
        return ok;
      };
      must(await world.time.run(walk()), "it did not recover");
      checkCircuit(world, openMs, outage);
    }),
);

test(
  "a token endpoint that fails is asked by one call at a time, and no sooner than it said",
  { timeout: 60_000 },
  () =>
    overSeeds(SEEDS.tokens, async (seed) => {
      const told: { from: number; until: number }[] = [];
      const world = makeWorld(seed, ({ at, path }, random) => {
        if (path !== "/token") return { acts: true, afterMs: 20, reply: answer(200) };
        const afterMs = Math.floor(random() * 400);
        if (at >= endsAt) return { acts: true, afterMs, reply: { ...answer(200), text: TOKEN } };
        const asked = random() < 0.5 ? 1 + Math.floor(random() * 5) : undefined;
        told.push({ from: at, until: at + afterMs + (asked === undefined ? 250 : asked * 1000) });
        const headers = asked === undefined ? {} : { "retry-after": String(asked) };
        return { acts: false, afterMs, reply: answer(random() < 0.5 ? 503 : 429, headers) };
      });
      const endsAt = world.time.clock.now() + 20_000;
      const acme = world.client({
        auth: OAUTH,
        env: { ACME_SECRET: "s" },
        breaker: false,
        retries: seed % 4,
        deadlineMs: 15_000,
      });
      const calls = Array.from({ length: 60 }, async () => {
        await pause(world, Math.floor(world.random() * 40_000));
        const startedAt = world.time.clock.now();
        const ok = await acme.request({ operation: "act", method: "POST", path: "/act", body: {} }).then(
          () => true,
          () => false,
        );
        // The last failure holds for five seconds at the most, or eight by the client's own guess.
        must(ok || startedAt < endsAt + 8500, "a call failed though the outage was over");
      });
      await world.time.run(Promise.all(calls));
      const asked = world.arrivals.filter(({ path }) => path === "/token");
      for (const { from, until } of told) {
        must(!asked.some(({ at }) => at > from && at < until), "asked again too soon");
        must(asked.filter(({ at }) => at === from).length === 1, "asked by two calls at once");
      }
    }),
);

function checkCircuit(
  { events, arrivals }: World,
  openMs: number,
  outage: { from: number; to: number },
): void {
  const changes = events.filter(
    (event): event is Extract<ClientEvent, { type: "breaker" }> => event.type === "breaker",
  );
  const opened = changes.find(({ state }) => state === "open")?.at ?? Number.NaN;
  const closed = changes.findLast(({ state }) => state === "closed")?.at ?? Number.NaN;
  must(opened >= outage.from && opened < outage.to, "it did not open");
  must(closed >= outage.to && closed < outage.to + openMs + 1000, "it did not close in time");
  const during = arrivals.filter(({ at }) => at > opened && at < outage.to).length;
  must(during <= Math.ceil((outage.to - opened) / openMs), `${during} requests through an open circuit`);
}

test("a failure of the simulation is a failure of the test", async () => {
  await expect(overSeeds(3, async (seed) => must(seed < 3, "no"))).rejects.toThrow("seed 3: no");
});
