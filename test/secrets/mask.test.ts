import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMasker, MASK, maskText } from "../../src/secrets/mask.ts";

function inChunks(bytes: Buffer, cuts: readonly number[], values: readonly string[]): string {
  const masker = createMasker(values);
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const chunks = [0, ...places].map((from, i) => bytes.subarray(from, places[i] ?? bytes.length));
  return Buffer.concat([...chunks.map((chunk) => masker.push(chunk)), masker.end()]).toString("latin1");
}

const value = fc.string({
  minLength: 6,
  maxLength: 12,
  unit: fc.constantFrom("a", "b", "+", "/", "é", "\n"),
});

describe("a value never gets through", () => {
  test("however the stream is cut into chunks", () => {
    const text = fc.array(fc.oneof(fc.constantFrom("a", "b", "xx", "é", "\n"), fc.nat(2)), { maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 3 }),
        text,
        fc.array(fc.nat()),
        (values, parts, cuts) => {
          const bytes = Buffer.from(
            parts.map((p) => (typeof p === "string" ? p : (values[p] ?? ""))).join(""),
          );
          const whole = Buffer.from(maskText(bytes.toString(), values)).toString("latin1");
          expect(inChunks(bytes, cuts, values)).toBe(whole);
          for (const secret of values) expect(whole).not.toContain(Buffer.from(secret).toString("latin1"));
        },
      ),
    );
  });

  test("the longer of two values that begin alike is masked whole, even byte by byte", () => {
    const bytes = Buffer.from("x abcdef abcdefgh abcdefg y");
    const everywhere = Array.from(bytes, (_, i) => i);
    expect(inChunks(bytes, everywhere, ["abcdef", "abcdefgh"])).toBe(`x ${MASK} ${MASK} ${MASK}g y`);
  });

  test.each([
    ["base64", (v: string) => Buffer.from(v).toString("base64")],
    ["base64url", (v: string) => Buffer.from(v).toString("base64url")],
    ["basic authentication", (v: string) => Buffer.from(`api:${v}`).toString("base64")],
    ["basic authentication, one further", (v: string) => Buffer.from(`apis:${v}`).toString("base64")],
    ["basic authentication, two further", (v: string) => Buffer.from(`apikey:${v}:x`).toString("base64")],
    ["a URL", (v: string) => `?key=${encodeURIComponent(v)}&x=1`],
    ["a form", (v: string) => new URLSearchParams({ v }).toString()],
    ["JSON", (v: string) => JSON.stringify({ v })],
  ])("encoded as %s", (_, encode) => {
    const secret = 'p@ss/w+rd "ü\n?~>> 123';
    const masked = maskText(encode(secret), [secret]);
    expect(masked).toContain(MASK);
    expect(masked.length).toBeLessThan(encode(secret).length - 10);
  });

  test("of a mebibyte, cut anywhere", () => {
    const long = Array.from({ length: 2 ** 15 }, (_, n) => `part ${n} of a long value; `).join("");
    const text = Buffer.from(`before ${long} between ${JSON.stringify({ long })} after`);
    const cuts = Array.from({ length: 60 }, (_, n) => n * 31_337);
    expect(inChunks(text, cuts, [long, "another value"])).toBe(
      `before ${MASK} between {"long":"${MASK}"} after`,
    );
  });

  test("each line of a value of several lines, as logs print them", () => {
    const pem = `-----BEGIN KEY-----\n${"QUJD".repeat(10)}\n-----END KEY-----\n`;
    expect(maskText(`  > ${"QUJD".repeat(10)}\n`, [pem])).toBe(`  > ${MASK}\n`);
  });
});

describe("everything else is left as it is", () => {
  test("bytes that are no text come out unharmed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat()), (bytes, cuts) => {
        expect(inChunks(Buffer.from(bytes), cuts, ["not in there at all"])).toBe(
          Buffer.from(bytes).toString("latin1"),
        );
      }),
    );
  });

  test("short values are not searched for", () => {
    expect(maskText("port 8080, on", ["8080", "on"])).toBe("port 8080, on");
  });

  test("output that cannot be the beginning of a value is not held back", () => {
    const masker = createMasker(["sk-secret-value"]);
    expect(masker.push(Buffer.from("ready? ")).toString()).toBe("ready? ");
    expect(masker.push(Buffer.from("s")).toString()).toBe("");
    expect(masker.push(Buffer.from("o")).toString()).toBe("so");
  });
});
