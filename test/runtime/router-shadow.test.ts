import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { createRouter, type Fallback, type ShadowReport } from "../../src/runtime/index.ts";
import { differencesOf } from "../../src/runtime/router/differences.ts";
import { chanceOf } from "../../src/runtime/router/guard.ts";
import { createThing, getThing, provider } from "./support.ts";

/** Two versions of a client, each with a provider of its own. */
function shadowed(one: unknown, two: unknown, options = {}) {
  const [first, second] = [provider([{ json: one }]), provider([{ json: two }])];
  const reports: ShadowReport[] = [];
  const router = createRouter({
    active: "v1",
    versions: { v1: () => first.client(), v2: () => second.client() },
    shadow: { version: "v2", onReport: (report) => reports.push(report), ...options },
  });
  return { router, reports, first, second };
}

describe("shadowing", () => {
  test("gives the active version's answer, and tells by rule and path where the other's differs; no value", async () => {
    const { router, reports } = shadowed(
      { id: "a", amount: 1, tags: [] },
      { id: 7, tags: ["secret"], more: true },
    );
    expect(await router.shadow((client) => client.request(getThing))).toMatchObject({ amount: 1 });
    await expect.poll(() => reports).toHaveLength(1);
    const found = reports[0]?.differences?.map(({ rule, path, breaks }) => `${rule} ${path} ${breaks}`);
    expect(found).toContain("contract/property-removed $.amount true");
    expect(found?.some((line) => / \$\.id true$/.test(line))).toBe(true);
    expect(found?.some((line) => line.includes("$.tags"))).toBe(false);
    expect(JSON.stringify(reports)).not.toContain("secret");
  });

  test("refuses what is not a read, in both versions and whether or not its turn has come, before anything is sent", async () => {
    for (const percent of [0, 100]) {
      const { router, first, second } = shadowed({}, {}, { percent });
      await expect(router.shadow((client) => client.request(createThing))).rejects.toThrow(
        "create-thing is a POST: only reads may be shadowed",
      );
      expect([first.seen, second.seen]).toEqual([[], []]);
      // Outside it may be written as ever.
      expect(await router.active.request(createThing)).toEqual({});
    }
  });

  test("a version that fails, hangs or is not asked is never the caller's trouble", async () => {
    const reports: ShadowReport[] = [];
    const good = provider([{ json: { id: 1 } }]);
    const bad = provider([{ status: 404 }]);
    let hang = false;
    const router = createRouter({
      active: "v1",
      versions: { v1: () => good.client(), v2: () => bad.client() },
      shadow: { version: "v2", maxPending: 2, onReport: (report) => reports.push(report) },
    });
    const read = () =>
      router.shadow((client) =>
        hang && client === router.pinned("v2") ? new Promise<unknown>(() => {}) : client.request(getThing),
      );
    expect(await read()).toEqual({ id: 1 });
    await expect.poll(() => reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({ differences: undefined, shadowError: { code: "not_found" } });
    hang = true;
    for (let i = 0; i < 5; i++) expect(await read()).toEqual({ id: 1 });
    expect(bad.seen).toHaveLength(1);
  });

  test("without a shadow it is the active version alone", async () => {
    const { client } = provider([{ json: { id: 1 } }]);
    const router = createRouter({ active: "v1", versions: { v1: () => client() } });
    expect(await router.shadow((one) => one.request(getThing))).toEqual({ id: 1 });
    expectTypeOf(router.call<number>).returns.resolves.toEqualTypeOf<number>();
  });

  test("an answer does not differ from itself, nor from one with other values of the same kinds", () =>
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(differencesOf(value, structuredClone(value))).toEqual([]);
      }),
    ));
});

describe("the canary's guard", () => {
  /** What becomes of a canary when calls fail with these chances. */
  async function outcome(failing: { active: number; canary: number }, calls: number, seed: number) {
    let state = seed;
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) / 2 ** 24;
    };
    const fallbacks: Fallback[] = [];
    const router = createRouter({
      active: "v1",
      versions: { v1: () => "v1" as const, v2: () => "v2" as const },
      canary: { version: "v2", percent: 20, guard: { onFallback: (fallback) => fallbacks.push(fallback) } },
    });
    for (let i = 0; i < calls; i++) {
      const work = async (version: "v1" | "v2") => {
        if (random() < (version === "v2" ? failing.canary : failing.active)) throw new Error("fails");
      };
      await router.call(`cus_${seed}_${i}`, work).catch(() => {});
    }
    const share = Array.from({ length: 500 }, (_, i) => router.for(`k${i}`)).filter(
      (version) => version === "v2",
    ).length;
    return { fallbacks, share };
  }

  test("takes back a canary that fails more often, once, for all keys", async () => {
    const { fallbacks, share } = await outcome({ active: 0.02, canary: 0.4 }, 1000, 1);
    expect(fallbacks).toHaveLength(1);
    expect(fallbacks[0]?.p).toBeLessThan(0.005);
    expect(fallbacks[0]?.canary.calls).toBe(50);
    expect(share).toBe(0);
  });

  test("keeps one that fails as often as the active version, also through an outage that both suffer", async () => {
    const lost = [];
    for (let seed = 1; seed <= 40; seed++) {
      const failure = seed % 2 === 0 ? 0.05 : 0.6;
      const { fallbacks } = await outcome({ active: failure, canary: failure }, 2000, seed);
      lost.push(...fallbacks);
    }
    // The promise is one in a hundred at most.
    expect(lost.length).toBeLessThanOrEqual(1);
  });

  test("does not count a caller who gave up", async () => {
    const fallbacks: Fallback[] = [];
    const router = createRouter({
      active: "v1",
      versions: { v1: () => "v1", v2: () => "v2" },
      canary: {
        version: "v2",
        percent: 50,
        guard: { every: 5, onFallback: (fallback) => fallbacks.push(fallback) },
      },
    });
    for (let i = 0; i < 200; i++) {
      const work = async (version: string) => {
        if (version === "v2") throw new DOMException("gone", "AbortError");
      };
      await router.call(`k${i}`, work).catch(() => {});
    }
    expect(fallbacks).toEqual([]);
  });

  test.each([
    // Worked out apart, with binomials as big integers.
    [{ calls: 10, failures: 8 }, { calls: 10, failures: 1 }, 0.002739],
    [{ calls: 50, failures: 5 }, { calls: 200, failures: 4 }, 0.01761],
    [{ calls: 5, failures: 0 }, { calls: 5, failures: 5 }, 1],
  ])("judges %j beside %j by Fisher's exact test", (canary, active, expected) => {
    expect(chanceOf(canary, active)).toBeCloseTo(expected, 3);
  });
});
