import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRouter } from "../../src/runtime/index.ts";

const versions = { v1: () => ({ version: "v1" as const }), v2: () => ({ version: "v2" as const }) };

describe("the version router", () => {
  test("gives the active version, and a pinned one whatever is active", () => {
    const router = createRouter({ active: "v1", versions });
    expect(router.active.version).toBe("v1");
    expect(router.pinned("v2").version).toBe("v2");
    expect(router.for("anyone").version).toBe("v1");
  });

  test("makes each client once: limits and circuit live in it", () => {
    const router = createRouter({ active: "v1", versions });
    expect(router.pinned("v1")).toBe(router.active);
  });

  test("gives a key the same version every time", () => {
    const router = createRouter({ active: "v1", versions, canary: { version: "v2", percent: 50 } });
    fc.assert(
      fc.property(fc.string(), (key) => {
        const first = router.for(key);
        expect(router.for(key)).toBe(first);
      }),
    );
  });

  test.each([1, 10, 50, 99])(
    "gives the canary %i %% of the keys, give or take a tenth of that and a half point",
    (percent) => {
      const router = createRouter({ active: "v1", versions, canary: { version: "v2", percent } });
      const keys = Array.from({ length: 20_000 }, (_, index) => `cus_${index}`);
      const share = (keys.filter((key) => router.for(key).version === "v2").length / keys.length) * 100;
      expect(Math.abs(share - percent)).toBeLessThan(percent * 0.1 + 0.5);
    },
  );

  test("takes nobody away from the canary when its share grows", () => {
    const small = createRouter({ active: "v1", versions, canary: { version: "v2", percent: 5 } });
    const large = createRouter({ active: "v1", versions, canary: { version: "v2", percent: 30 } });
    fc.assert(
      fc.property(fc.string(), (key) => small.for(key).version === "v1" || large.for(key).version === "v2"),
    );
  });

  test.each(["2026-01-01", "not a date"])("ends a canary `until` %s", (until) => {
    const now = () => Date.UTC(2026, 0, 2);
    const router = createRouter({
      active: "v1",
      versions,
      canary: { version: "v2", percent: 100, until },
      now,
    });
    expect(router.for("anyone").version).toBe("v1");
  });
});
