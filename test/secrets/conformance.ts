import { expect, test } from "vitest";
import { type Envelope, emptyEnvelope } from "../../src/secrets/envelope.ts";
import { purge, setCurrent } from "../../src/secrets/labels.ts";
import { type SecretStore, updateEnvelope } from "../../src/secrets/store.ts";

export const KEY = "ab".repeat(32);

export const empty = (): Envelope => emptyEnvelope("shop", "dev", KEY);

export const put = (envelope: Envelope, name: string, value: string): Envelope =>
  setCurrent(envelope, name, { id: name, value, now: 1_700_000_000_000, source: "set", graceMs: 1000 });

/** Values that break careless stores. */
const HOSTILE: Readonly<Record<string, string>> = {
  "a/newlines": "-----BEGIN\nKEY-----\r\n\r\n",
  "a/nul": "before\u0000after",
  "a/emoji": "🔑 ключ Schlüssel",
  "a/quotes": `"\\'\${HOME}`,
  "a/empty": "",
  "a/spaces": "  x  ",
  "a/long": "k".repeat(64 * 1024),
  "__proto__/constructor": "not a prototype",
};

/**
 * What every writable store promises. `open` gives a new handle, as another process would have, on the same place; a
 * different place for every test.
 */
export function storeConformance(openPlace: () => Promise<() => SecretStore>): void {
  test("says that nothing is stored, and not an error, before the first write", async () => {
    const open = await openPlace();
    expect(await open().read()).toBeUndefined();
  });

  test("gives back what was written, to another handle too", async () => {
    const open = await openPlace();
    const envelope = put(empty(), "stripe/api_key", "value");
    expect(await open().write(envelope, 0)).toBe(1);
    expect(await open().read()).toEqual({ envelope: { ...envelope, rev: 1 }, revision: 1 });
  });

  test("keeps every kind of value as it is", async () => {
    const open = await openPlace();
    const envelope = Object.entries(HOSTILE).reduce((e, [name, value]) => put(e, name, value), empty());
    await open().write(envelope, 0);
    expect((await open().read())?.envelope.secrets).toEqual(envelope.secrets);
  });

  test("refuses a write that does not know of the last one, and keeps the last one", async () => {
    const open = await openPlace();
    const [first, second] = [open(), open()];
    await first.write(put(empty(), "a/b", "one"), 0);
    await expect(second.write(put(empty(), "a/b", "two"), 0)).rejects.toMatchObject({
      state: "stale-revision",
    });
    await expect(second.write(put(empty(), "a/b", "two"), 2)).rejects.toMatchObject({
      state: "stale-revision",
    });
    expect((await open().read())?.envelope).toMatchObject({ rev: 1 });
  });

  test("shrinks as well as it grows", async () => {
    const open = await openPlace();
    const big = put(put(empty(), "a/long", "x".repeat(50_000)), "a/short", "y");
    await open().write(big, 0);
    const small = purge(big, "a/long");
    await open().write(small, 1);
    expect((await open().read())?.envelope.secrets).toEqual(small.secrets);
    await open().write(big, 2);
    expect((await open().read())?.envelope.secrets).toEqual(big.secrets);
  });

  test("loses no update of writers that start at once", async () => {
    const open = await openPlace();
    const names = Array.from({ length: 10 }, (_, i) => `a/s${i}`);
    await Promise.all(names.map((name) => updateEnvelope(open(), empty(), (e) => put(e, name, name))));
    expect(Object.keys((await open().read())?.envelope.secrets ?? {}).sort()).toEqual(names);
  });

  test("forgets everything when destroyed", async () => {
    const open = await openPlace();
    await open().write(put(empty(), "a/b", "x".repeat(5000)), 0);
    await open().destroy();
    expect(await open().read()).toBeUndefined();
    expect(await open().write(put(empty(), "a/b", "again"), 0)).toBe(1);
  });
}
