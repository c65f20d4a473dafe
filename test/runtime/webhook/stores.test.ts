import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import sqlite from "node-sqlite3-wasm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ClaimLostError,
  type EventStore,
  type EventTable,
  memoryEventStore,
  redisEventStore,
  sqlEventStore,
} from "../../../src/runtime/index.ts";
import type { Clock } from "../../../src/runtime/time/clock.ts";
import { hasRedis, startRedis } from "../redis.ts";
import { counting, event, signed } from "./support.ts";

let now = Date.UTC(2026, 0, 1);
/** Stands still until it is moved. */
const clock: Clock = { now: () => now, after: () => () => {} };

const directory = mkdtempSync(join(tmpdir(), "integ-events-"));
const database = new sqlite.Database(join(directory, "events.db"));
database.exec("CREATE TABLE events (id TEXT PRIMARY KEY, token TEXT, until INTEGER, done INTEGER)");
database.exec("CREATE TABLE effects (id TEXT)");
const table: EventTable = {
  insert: async ({ id, token, until, done }) =>
    database.run("INSERT INTO events VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", [
      id,
      token,
      until,
      Number(done),
    ]).changes === 1,
  read: async (id) => {
    const row = database.get("SELECT * FROM events WHERE id = ?", [id]);
    return row
      ? { id, token: String(row["token"]), until: Number(row["until"]), done: row["done"] === 1 }
      : undefined;
  },
  replace: async (before, { id, token, until, done }) =>
    database.run("UPDATE events SET token = ?, until = ?, done = ? WHERE id = ? AND token = ? AND done = 0", [
      token,
      until,
      Number(done),
      id,
      before,
    ]).changes === 1,
};

let redis: Awaited<ReturnType<typeof startRedis>> | undefined;
beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(async () => {
  await redis?.end();
  database.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Kind {
  name: string;
  make: () => EventStore;
  /** Lets a lease of `ms` run out. */
  pass: (ms: number) => Promise<void>;
}

const jump = async (ms: number) => {
  now += ms;
};
const kinds: Kind[] = [
  { name: "in memory", make: () => memoryEventStore({ clock }), pass: jump },
  { name: "in SQL", make: () => sqlEventStore(table, { clock }), pass: jump },
];
if (hasRedis) {
  kinds.push({
    name: "in Redis",
    make: () => {
      if (!redis) throw new Error("Redis has not started");
      return redisEventStore(redis.connect(), { scope: "test" });
    },
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms + 20)),
  });
}

let last = 0;
const freshId = () => `evt_${++last}`;

describe.each(kinds)("an event store $name", ({ make, pass }) => {
  test("lets one of many claim an event, and nobody once it is done", async () => {
    const [store, id] = [make(), freshId()];
    const lease = (token: string) => ({ token, ms: 60_000 });
    const claims = await Promise.all(["a", "b", "c", "d"].map((token) => store.claim(id, lease(token))));
    expect(claims.filter((claim) => claim === "claimed")).toHaveLength(1);
    expect(claims.filter((claim) => claim === "busy")).toHaveLength(3);
    const winner = ["a", "b", "c", "d"][claims.indexOf("claimed")] ?? "";
    expect(await store.complete(id, "somebody else")).toBe(false);
    expect(await store.complete(id, winner)).toBe(true);
    expect(await store.claim(id, lease("e"))).toBe("done");
    await store.release(id, winner);
    expect(await store.claim(id, lease("f"))).toBe("done");
  });

  test("gives an event whose lease ran out to another, and the first cannot complete it any more", async () => {
    const [store, id] = [make(), freshId()];
    expect(await store.claim(id, { token: "dead", ms: 50 })).toBe("claimed");
    await pass(50);
    expect(await store.claim(id, { token: "next", ms: 60_000 })).toBe("claimed");
    expect(await store.renew(id, { token: "dead", ms: 60_000 })).toBe(false);
    expect(await store.complete(id, "dead")).toBe(false);
    expect(await store.complete(id, "next")).toBe(true);
  });

  test("keeps a claim that is renewed, and frees one that is released", async () => {
    const [store, id] = [make(), freshId()];
    await store.claim(id, { token: "a", ms: 50 });
    expect(await store.renew(id, { token: "a", ms: 60_000 })).toBe(true);
    await pass(50);
    expect(await store.claim(id, { token: "b", ms: 1000 })).toBe("busy");
    await store.release(id, "b");
    expect(await store.claim(id, { token: "b", ms: 1000 })).toBe("busy");
    await store.release(id, "a");
    expect(await store.claim(id, { token: "b", ms: 1000 })).toBe("claimed");
  });

  test("twenty deliveries of one event at once have one effect; the rest are told to come again", async () => {
    const [shared, id] = [make(), freshId()];
    // Two receivers stand for two processes.
    const receivers = [counting({ store: shared }), counting({ store: shared })];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => receivers[index % 2]?.receiver.receive(signed(event(id)))),
    );
    expect(receivers.flatMap(({ effects }) => effects)).toEqual([id]);
    expect(answers.filter((answer) => answer?.status === 200).length).toBeGreaterThan(0);
    for (const answer of answers) expect([200, 409]).toContain(answer?.status);
  });

  test("an effect that fails, or whose process dies, is not lost: the next delivery does it", async () => {
    const [store, id] = [make(), freshId()];
    const failing = counting({
      store,
      handle: () => {
        throw new Error("the database is away");
      },
    });
    expect((await failing.receiver.receive(signed(event(id)))).status).toBe(500);
    // A process that took the event and was never heard of again.
    expect(await store.claim(id, { token: "dead", ms: 50 })).toBe("claimed");
    const { receiver, effects } = counting({ store });
    expect((await receiver.receive(signed(event(id)))).status).toBe(409);
    await pass(50);
    expect((await receiver.receive(signed(event(id)))).status).toBe(200);
    expect((await receiver.receive(signed(event(id)))).body).toBe("ok, processed before");
    expect(effects).toEqual([id]);
  });
});

test("whatever fails, is delivered twice or sleeps through its lease: one effect for each event that succeeded once", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("ok", "fails", "dies", "late"), { maxLength: 12 }),
      async (fates) => {
        const store = memoryEventStore({ clock });
        const id = freshId();
        let effects = 0;
        for (const fate of fates) {
          now += 61_000;
          if (fate === "dies" || fate === "late") await store.claim(id, { token: fate, ms: 60_000 });
          if (fate === "late") now += 60_001;
          if (fate === "dies") continue;
          const handle = () => {
            if (fate === "fails") throw new Error("fails");
            effects++;
          };
          await counting({
            store,
            handle,
            clock,
            verify: () => ({ id, signedAt: now, payload: {} }),
          }).receiver.receive(signed(event(id)));
        }
        expect(effects).toBe(fates.some((fate) => fate === "ok" || fate === "late") ? 1 : 0);
      },
    ),
  ));

test("completed in the transaction of the effect, a lost claim undoes the effect: exactly one, whatever happens", async () => {
  const id = freshId();
  const store = sqlEventStore(table, { clock });
  const inTransaction = (between: () => Promise<void>) =>
    counting({
      store,
      clock,
      verify: () => ({ id, signedAt: now, payload: {} }),
      handle: async (_event, work) => {
        database.exec("BEGIN");
        try {
          database.run("INSERT INTO effects VALUES (?)", [id]);
          await between();
          await work.complete(sqlEventStore(table, { clock }));
          database.exec("COMMIT");
        } catch (error) {
          database.exec("ROLLBACK");
          throw error;
        }
      },
    });
  const sleeper = inTransaction(async () => {
    now += 60_001;
    // Somebody else takes the event while this one sleeps; here the same database, so inside the transaction.
    expect(await store.claim(id, { token: "other", ms: 60_000 })).toBe("claimed");
  });
  expect((await sleeper.receiver.receive(signed(event(id)))).body).toBe("taken over");
  expect(sleeper.reports[0]?.outcome).toBe("lost");
  now += 60_001;
  const worker = inTransaction(async () => {});
  expect((await worker.receiver.receive(signed(event(id)))).body).toBe("ok");
  expect((await worker.receiver.receive(signed(event(id)))).body).toBe("ok, processed before");
  expect(database.all("SELECT * FROM effects WHERE id = ?", [id])).toHaveLength(1);
  expect(new ClaimLostError(id).message).toContain(id);
});

test.skipIf(!hasRedis)(
  "a Redis that is gone refuses the event, which is processed once it is back",
  async () => {
    const own = await startRedis();
    try {
      const store = redisEventStore(own.connect(), { scope: "gone", timeoutMs: 300 });
      const { receiver, effects, reports } = counting({ store });
      const id = freshId();
      await receiver.receive(signed(event(`${id}_before`)));
      await own.stop();
      expect((await receiver.receive(signed(event(id)))).status).toBe(503);
      expect(reports.at(-1)?.outcome).toBe("unavailable");
      await own.startAgain();
      await expect
        .poll(async () => (await receiver.receive(signed(event(id)))).status, {
          timeout: 20_000,
          interval: 50,
        })
        .toBe(200);
      expect(effects.filter((effect) => effect === id)).toHaveLength(1);
    } finally {
      await own.end();
    }
  },
);
