import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_NESTING, NotJsonError, presumeBody, readBody } from "../../src/http/body.ts";

const read = (text: string | Uint8Array, type = "application/json") =>
  readBody({ body: typeof text === "string" ? Buffer.from(text) : text, headers: { "content-type": type } });

test.each([
  ["{}", "application/json", "json"],
  ["{}", "application/problem+json; charset=utf-8", "json"],
  ["\ufeff[1]", "application/json", "json"],
  ["[1]", "", "json"],
  ["", "application/json", "empty"],
  ["  \n", "application/json", "empty"],
  ["<!DOCTYPE html><p>", "application/json", "html"],
  ["<html>", "", "html"],
  ["<p>x</p>", "text/html", "html"],
  ["plain", "text/plain", "text"],
  ["plain", "application/json", "invalid"],
  ['{"a":', "application/json", "invalid"],
  ["NaN", "application/json", "invalid"],
  ["{not json}", "text/plain", "text"],
])("%j as %s is %s", (text, type, kind) => {
  expect(read(text, type).kind).toBe(kind);
});

test("the source text of numbers is kept beside their values", () => {
  expect(read('{"id":12345678901234567890}')).toMatchObject({
    kind: "json",
    text: '{"id":12345678901234567890}',
  });
});

test("a truncated body says where it ends, and quotes nothing", () => {
  const body = read('{"name":"secret-va');
  expect(body).toMatchObject({ kind: "invalid", reason: expect.stringContaining("18 characters") });
  expect(body.kind === "invalid" && body.reason).not.toContain("secret");
});

test("nesting is bounded, brackets in strings do not count", () => {
  const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
  expect(read(deep(MAX_NESTING)).kind).toBe("json");
  expect(read(deep(MAX_NESTING + 1)).kind).toBe("invalid");
  expect(read(deep(1_000_000)).kind).toBe("invalid");
  expect(read(JSON.stringify({ a: "[".repeat(1000), b: '"\\["'.repeat(500) })).kind).toBe("json");
});

test("bytes that are not text in their character set are no JSON", () => {
  expect(read(Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({ kind: "invalid", reason: "no UTF-8" });
  const named = { kind: "invalid", reason: "no text in the character set that it names" };
  expect(read('{"a":1}', "application/json; charset=klingon")).toMatchObject(named);
  expect(read(Uint8Array.of(0x22, 0xe9, 0x22), "application/json; charset=latin1")).toMatchObject({
    value: "é",
  });
});

test("whatever JSON.stringify writes is read back", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      expect(read(JSON.stringify(value))).toEqual({
        kind: "json",
        value: JSON.parse(JSON.stringify(value)),
        text: JSON.stringify(value),
      });
    }),
  );
});

test("what is presumed of a body is what it is, or shows itself as no JSON when its value is asked for", () => {
  const almost = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", "x", '"', "}"))
    .map(
      ([text, at, more]) => text.slice(0, at % (text.length + 1)) + more + text.slice(at % (text.length + 1)),
    );
  const types = fc.constantFrom(
    "application/json",
    "text/plain",
    "text/html",
    "",
    "application/json; charset=latin1",
  );
  let wrong = 0;
  fc.assert(
    fc.property(fc.oneof(fc.json(), almost, fc.string()), types, (text, type) => {
      const response = { body: Buffer.from(text), headers: { "content-type": type } };
      const presumed = presumeBody(response);
      const own = { ...response };
      const value = () => (presumed.kind === "json" ? presumed.value : undefined);
      const really = readBody(own);
      if (presumed.kind === really.kind) {
        expect(value()).toEqual(really.kind === "json" ? really.value : undefined);
      } else {
        wrong++;
        expect({ presumed: presumed.kind, really: really.kind }).toEqual({
          presumed: "json",
          really: "invalid",
        });
        expect(value).toThrow(NotJsonError);
      }
      // Whoever reads it has the truth, and nobody presumes anything afterwards.
      expect(readBody(response)).toEqual(really);
      expect(presumeBody(response)).toBe(readBody(response));
    }),
    { numRuns: 2000 },
  );
  expect(wrong).toBeGreaterThan(20);
});
