import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quotaFileStore } from "../../../src/check/quota/file-store.ts";
import { type QuotaStore, type SharedQuota, SharedQuotas } from "../../../src/check/quota/shared.ts";
import { systemClock } from "../../../src/host/clock.ts";
import { QuotaLedger } from "../../../src/probe/ledger.ts";
import { readQuota } from "../../../src/quota/read.ts";
import { temporaryDirectory } from "../../support/cli.ts";

const KEY = "acme prod";
const LIMIT = 100;

/** A provider that counts down, and says so in its answers. */
class Provider {
  left: number;
  constructor(left: number) {
    this.left = left;
  }
  answer() {
    this.left--;
    return readQuota(
      {
        "x-ratelimit-limit": `${LIMIT}`,
        "x-ratelimit-remaining": `${this.left}`,
        "x-ratelimit-reset": "600",
      },
      { now: systemClock.now(), status: 200 },
    );
  }
}

/** Sends a request as `probe` does: asks the ledger, sends, learns. Whether it was sent. */
async function send(
  provider: Provider,
  { ledger, shared, reserve }: { ledger: QuotaLedger; shared: SharedQuotas; reserve: number },
  arrives: () => Promise<void>,
): Promise<boolean> {
  return shared.around({ key: KEY, reserve, ledger }, async () => {
    if (ledger.refuses(KEY, reserve, systemClock.now())) return false;
    ledger.spend(KEY);
    const reading = provider.answer();
    await arrives();
    ledger.settle(KEY);
    ledger.learn(KEY, reading, systemClock.now());
    return true;
  });
}

const later = (turns: number) => async () => {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
};

/** A store in memory that every process of a test shares. */
function memoryStore(): QuotaStore {
  const entries = new Map<string, SharedQuota>();
  return {
    near: Number.POSITIVE_INFINITY,
    changed: () => true,
    update: async (key, change) => {
      const after = change(entries.get(key));
      entries.set(key, after);
      return after;
    },
  };
}

describe("processes that share a quota", () => {
  test("never touch its reserve together, whatever the order in which answers arrive", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: LIMIT }),
        fc.constantFrom(0, 0.2, 0.5),
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 120 }),
        async (left, reserve, delays) => {
          const provider = new Provider(left);
          const store = memoryStore();
          const processes = [1, 2, 3].map(() => ({
            ledger: new QuotaLedger(),
            shared: new SharedQuotas(store, systemClock),
            reserve,
          }));
          const [first] = processes;
          // Until one answer has come, nobody knows of any quota.
          if (first) await send(provider, first, later(0));
          const known = provider.left;
          await Promise.all(
            delays.map((delay, at) => {
              const one = processes[at % processes.length];
              return one ? send(provider, one, later(delay)) : false;
            }),
          );
          expect(provider.left).toBeGreaterThanOrEqual(Math.min(known, LIMIT * reserve));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("use all of it that is free: what is refused was no phantom", async () => {
    const provider = new Provider(30);
    const store = memoryStore();
    const one = { ledger: new QuotaLedger(), shared: new SharedQuotas(store, systemClock), reserve: 0.2 };
    const other = { ledger: new QuotaLedger(), shared: new SharedQuotas(store, systemClock), reserve: 0.2 };
    for (let i = 0; i < 40; i++) await send(provider, i % 2 === 0 ? one : other, later(0));
    expect(provider.left).toBe(20);
  });

  test("on one machine meet in a file, and learn from it that the provider holds back", async () => {
    const file = join(await temporaryDirectory(), "quotas.json");
    const open = () => ({
      ledger: new QuotaLedger(),
      shared: new SharedQuotas(quotaFileStore(file, systemClock), systemClock),
      reserve: 0.2,
    });
    const [one, other] = [open(), open()];
    const provider = new Provider(28);
    for (let i = 0; i < 12; i++) await send(provider, i % 2 === 0 ? one : other, later(0));
    expect(provider.left).toBe(20);
    const throttled = readQuota({ "retry-after": "60" }, { now: systemClock.now(), status: 429 });
    await one.shared.around({ key: "other prod", reserve: 0, ledger: one.ledger }, async () =>
      one.ledger.learn("other prod", throttled, systemClock.now()),
    );
    const refused = await other.shared.around(
      { key: "other prod", reserve: 0, ledger: other.ledger },
      async () => other.ledger.refuses("other prod", 0, systemClock.now()),
    );
    expect(refused).toMatchObject({ reason: "retry-after" });
  });

  test("that know nothing of each other use their part of what is free", () => {
    const provider = new Provider(71);
    const shards = [1, 2, 3, 4, 5].map(() => new QuotaLedger({ parts: 5 }));
    for (let round = 0; round < 40; round++) {
      for (const ledger of shards) {
        if (ledger.refuses(KEY, 0.2, systemClock.now())) continue;
        ledger.spend(KEY);
        const reading = provider.answer();
        ledger.settle(KEY);
        ledger.learn(KEY, reading, systemClock.now());
      }
    }
    // 50 are free when it is seen first; a part rounds down, so a few are left over and the reserve is not touched.
    expect(provider.left).toBeGreaterThanOrEqual(20);
    expect(provider.left).toBeLessThanOrEqual(25);
  });
});
