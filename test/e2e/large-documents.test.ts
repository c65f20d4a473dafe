import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { integ, temporaryDirectory } from "../support/cli.ts";

const ROWS = 1000;
/** As large as a document may be, but for the 4 MB between MB and MiB. */
const BYTES = 100_000_000;

const row = (id: string, filler: string) => `{"id":${id},"name":"Ada","note":"${filler}"}`;
const rows = (count: number, id: (index: number) => string, filler: string) =>
  Array.from({ length: count }, (_, index) => row(id(index), filler));

const number = (index: number) => String(index);
const text = (index: number) => `"${index}"`;

/** Made when it is needed, in pieces: it is in no repository and never in memory as a whole. */
async function writeLarge(file: string, { list }: { list: boolean }): Promise<void> {
  const between = list ? ",\n" : "\n";
  const filler = "x".repeat(BYTES / ROWS - row(number(ROWS), "").length);
  const handle = await open(file, "w");
  try {
    if (list) await handle.write("[");
    for (let from = 0; from < ROWS; from += 100) {
      const part = rows(100, (index) => number(from + index), filler).join(between);
      await handle.write(from === 0 ? part : between + part);
    }
    if (list) await handle.write("]");
  } finally {
    await handle.close();
  }
}

describe("a sample of 100 MB is compared as a small one is", () => {
  test.each([
    { kind: "one JSON list", name: "large.json", list: true, path: "$[*].id" },
    { kind: "one JSON value a line", name: "large.ndjson", list: false, path: "$.id" },
  ])("$kind", async ({ name, list, path }) => {
    const cwd = await temporaryDirectory();
    await writeLarge(join(cwd, name), { list });
    const changed = rows(100, text, "x");
    await writeFile(join(cwd, `small-${name}`), list ? `[${changed.join(",")}]` : changed.join("\n"));

    const { code, stdout, stderr } = await integ(["diff", name, `small-${name}`, "--json"], {
      cwd,
      timeout: 55_000,
    });

    expect(stderr).toBe("");
    const found: unknown = JSON.parse(stdout);
    expect(found).toMatchObject({ findings: [{ rule: "contract/type-changed", path }] });
    expect(code).toBe(1);
  });
});
