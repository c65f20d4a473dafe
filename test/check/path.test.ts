import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePath, printPath, type Segment, segmentsOf, startsWith } from "../../src/check/path.ts";

const segment: fc.Arbitrary<Segment> = fc.oneof(
  fc.record({ kind: fc.constant("name" as const), name: fc.string({ unit: "binary", minLength: 1 }) }),
  fc.constant({ kind: "item" as const }),
  fc.constant({ kind: "member" as const }),
);

describe("paths of findings", () => {
  test("come back as they were printed, whatever a property is called", () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 5 }), (segments) => {
        expect(parsePath(printPath(segments))).toEqual(segments);
      }),
    );
  });

  test.each([
    ["$.data[*].email", [{ kind: "name", name: "data" }, { kind: "item" }, { kind: "name", name: "email" }]],
    [
      "$['a.b'][\"c'd\"]",
      [
        { kind: "name", name: "a.b" },
        { kind: "name", name: "c'd" },
      ],
    ],
    ["$.rates.*", [{ kind: "name", name: "rates" }, { kind: "member" }]],
    ["$", []],
  ])("%s is read", (path, segments) => {
    expect(parsePath(path)).toEqual(segments);
  });

  test("anything else is no path", () => {
    expect([parsePath("data"), parsePath("$..x"), parsePath("header:etag")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("a prefix holds its own path and what lies below, with any member for any name", () => {
    const path = segmentsOf(["data", 3, "email"]);
    expect(startsWith(path, parsePath("$.data[*]") ?? [])).toBe(true);
    expect(startsWith(path, parsePath("$.*[*].email") ?? [])).toBe(true);
    expect(startsWith(path, parsePath("$.other") ?? [])).toBe(false);
    expect(startsWith(parsePath("$.data") ?? [], path)).toBe(false);
  });
});
