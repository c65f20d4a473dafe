import { describe, expect, test } from "vitest";
import { phaseDeadlines } from "../../src/commands/probe/deadlines.ts";

describe("--deadlines", () => {
  test("names phases as people write them", () => {
    expect(phaseDeadlines("dns=1s, connect=2s,tls=500ms,first-byte=1.5s,download=1m")).toEqual({
      dns: 1000,
      connect: 2000,
      tls: 500,
      ttfb: 1500,
      download: 60_000,
    });
    expect(phaseDeadlines(undefined)).toEqual({});
  });

  test.each([
    ["tcp=1s", "there is no phase `tcp`"],
    ["", "there is no phase"],
    ["dns", "not a duration"],
    ["dns=soon", "`soon` is not a duration"],
    ["dns=0ms", "longer than nothing"],
    ["dns=1s,dns=2s", "named twice"],
  ])("%j is refused, with the phases there are", (text, reason) => {
    expect(() => phaseDeadlines(text)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(reason),
        hint: expect.stringContaining("first-byte"),
      }),
    );
  });
});
