import fc from "fast-check";
import { expect, test } from "vitest";
import { compileRegex } from "../../src/config/regex.ts";

test.each([
  "^(sk|rk)_test_",
  "^[A-Za-z0-9+/]{40}$",
  "a+b*c?",
  "(ab)+",
  "(a|b)*c",
  "\\(a+\\)+",
  "[(a+)+]",
  "(a{2,5})+",
  "(?:ab?)+",
  "^(?<id>x)+$",
])("%s is taken", (pattern) => {
  expect(compileRegex(pattern)).toEqual(new RegExp(pattern));
});

test.each(["(a+)+", "(a*)*$", "((a+)b)*", "(?:x+y)+", "(a{1,})+", "([a-z]+)*", "(a+){2,}", "(a+){200}"])(
  "%s could take forever",
  (pattern) => {
    expect(compileRegex(pattern)).toContain("can take forever");
  },
);

test.each(["(", "[", "a{2,1}", "*", "(?<a>x)(?<a>y)", "\\"])("%s is no regular expression", (pattern) => {
  expect(compileRegex(pattern)).toMatch(/^is not a regular expression: ./);
});

test("any text is either compiled or refused with a reason", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."ab()[]{}*+?|\\^$1,-:<>=!".split("")), maxLength: 30 }),
      (text) => {
        const compiled = compileRegex(text);
        if (typeof compiled === "string") expect(compiled).toMatch(/^(is not|repeats)/);
        else expect(compiled.source).toBe(new RegExp(text).source);
      },
    ),
    { numRuns: 1000 },
  );
});
