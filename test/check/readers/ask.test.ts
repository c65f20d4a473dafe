import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { askForReaders } from "../../../src/check/readers/ask.ts";
import { temporaryDirectory } from "../../support/cli.ts";

/** A project whose `typescript` is this. */
async function projectWithTypescript(code: string): Promise<string> {
  const root = await temporaryDirectory();
  const directory = join(root, "node_modules/typescript");
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, "package.json"),
    '{"name":"typescript","version":"5.9.0","main":"index.js"}',
  );
  await writeFile(join(directory, "index.js"), code);
  return root;
}

const ask = (root: string, signal?: AbortSignal) =>
  askForReaders(
    { root, base: root, configs: [join(root, "tsconfig.json")], chains: [], sources: [] },
    signal,
  );

test("a TypeScript that throws, ends the process or is none is an answer, not a failure of the run", async () => {
  const cases = [
    ['throw new Error("broken install")', "broken install"],
    ["process.exit(0)", "its process ended without an answer"],
    ["module.exports = {}", "Cannot read properties"],
  ] as const;
  for (const [code, message] of cases) {
    const reply = await ask(await projectWithTypescript(code));
    expect(reply).toEqual({ ok: false, message: expect.stringContaining(message) });
  }
});

test("it gets no environment variable, so no credential", async () => {
  const root = await projectWithTypescript("throw new Error(JSON.stringify(Object.keys(process.env)))");
  const reply = await ask(root);
  const names: string[] = JSON.parse(reply.ok ? "[]" : reply.message);
  expect(names.filter((name) => !/^(?:NODE_CHANNEL|SystemRoot)/.test(name))).toEqual([]);
});

test("who interrupts it waits no longer, though it never gives way", async () => {
  const root = await projectWithTypescript("for (;;);");
  const controller = new AbortController();
  const reply = ask(root, controller.signal);
  controller.abort();
  expect(await reply).toEqual({ ok: false, message: "it was interrupted" });
});
