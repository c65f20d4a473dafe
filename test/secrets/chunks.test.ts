import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readChunked, removeChunked, writeChunked } from "../../src/secrets/stores/chunks.ts";
import type { Entries } from "../../src/secrets/stores/entries.ts";

class Killed extends Error {}

/** Entries of limited size that die at the n-th operation, before or after it took effect. */
function mortal(
  texts: Map<string, string>,
  limit: number,
  dieAt = Number.POSITIVE_INFINITY,
  after = false,
): Entries {
  let operations = 0;
  const step = <T>(effect: () => T): Promise<T> => {
    operations += 1;
    if (operations > dieAt) return Promise.reject(new Killed());
    if (operations === dieAt && !after) return Promise.reject(new Killed());
    const result = effect();
    return operations === dieAt ? Promise.reject(new Killed()) : Promise.resolve(result);
  };
  return {
    get: (account) => step(() => texts.get(account)),
    set: (account, text) =>
      step(() => {
        if (text.length > limit) throw new Error("too long");
        texts.set(account, text);
      }),
    remove: (account) => step(() => texts.delete(account)),
  };
}

const LIMIT = 150;
const document = fc.string({ maxLength: 800, unit: "binary" }).map((text) => JSON.stringify({ text }));

async function read(texts: Map<string, string>): Promise<unknown> {
  const found = await readChunked(mortal(texts, LIMIT), "shop/dev");
  return found.state === "whole" ? JSON.parse(found.text) : found.state;
}

describe("a long text in entries of limited size", () => {
  test("a writer that is killed at any moment leaves the old text or the new, and the next write cleans up", async () => {
    await fc.assert(
      fc.asyncProperty(
        document,
        document,
        document,
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (a, b, c, n, after) => {
          const texts = new Map<string, string>();
          await writeChunked(mortal(texts, LIMIT), "shop/dev", a, LIMIT);
          let killed = false;
          try {
            await writeChunked(mortal(texts, LIMIT, n, after), "shop/dev", b, LIMIT);
          } catch (error) {
            if (!(error instanceof Killed)) throw error;
            killed = true;
          }
          const seen = await read(texts);
          if (killed) expect([JSON.parse(a), JSON.parse(b)]).toContainEqual(seen);
          else expect(seen).toEqual(JSON.parse(b));
          await writeChunked(mortal(texts, LIMIT), "shop/dev", c, LIMIT);
          expect(await read(texts)).toEqual(JSON.parse(c));
          const head: { parts?: number } = JSON.parse(texts.get("shop/dev") ?? "{}");
          expect(texts.size).toBe(1 + (head.parts ?? 0));
        },
      ),
      { numRuns: 300 },
    );
  });

  test("a text that fits is one entry, readable as it is", async () => {
    const texts = new Map<string, string>();
    await writeChunked(mortal(texts, LIMIT), "shop/dev", '{"short":"ü"}', LIMIT);
    expect([...texts]).toEqual([["shop/dev", '{"short":"ü"}']]);
  });

  test("missing parts are `broken`, never an empty or a shorter text", async () => {
    const texts = new Map<string, string>();
    await writeChunked(mortal(texts, LIMIT), "shop/dev", JSON.stringify("x".repeat(600)), LIMIT);
    for (const part of [...texts.keys()].filter((account) => account.includes("#"))) {
      const damaged = new Map(texts);
      damaged.delete(part);
      expect(await read(damaged)).toBe("broken");
    }
  });

  test("removal leaves no part behind", async () => {
    const texts = new Map<string, string>();
    await writeChunked(mortal(texts, LIMIT), "shop/dev", JSON.stringify("x".repeat(600)), LIMIT);
    await removeChunked(mortal(texts, LIMIT), "shop/dev");
    expect(texts.size).toBe(0);
  });
});
