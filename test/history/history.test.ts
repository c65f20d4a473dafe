import { execFile } from "node:child_process";
import { mkdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { History, type ProbeRecord } from "../../src/history/history.ts";
import { temporaryDirectory } from "../support/cli.ts";

const record = (more: Partial<ProbeRecord> = {}): ProbeRecord => ({
  subject: "stripe@v1/get-balance prod",
  startedAt: 1000,
  integration: "stripe",
  endpoint: "get-balance",
  samples: 3,
  errors: 0,
  outcome: "ok",
  totals: [1.5, 2.25, 3],
  phases: { ttfb: [1, 2, 2.5] },
  report: { endpoint: "get-balance" },
  ...more,
});

async function opened(root: string): Promise<History> {
  const history = await History.open(root);
  onTestFinished(() => history.close());
  return history;
}

test("what was measured comes back as it was, the newest first, after the file was closed", async () => {
  const root = await temporaryDirectory();
  const first = await History.open(root);
  await first.add([
    record({ startedAt: 1 }),
    record({ startedAt: 3, status: 200 }),
    record({ startedAt: 2, outcome: "failing" }),
  ]);
  first.close();
  const history = await opened(root);
  expect(await history.runs(record().subject, { limit: 10 })).toEqual([
    record({ startedAt: 3, status: 200 }),
    record({ startedAt: 2, outcome: "failing" }),
    record({ startedAt: 1 }),
  ]);
  expect((await history.runs(record().subject, { limit: 1, outcome: "ok" }))[0]?.startedAt).toBe(3);
  expect(await history.runs("other", { limit: 10 })).toEqual([]);
});

test("the newest run of each subject", async () => {
  const history = await opened(await temporaryDirectory());
  await history.add([
    record({ subject: "b", startedAt: 1 }),
    record({ subject: "a", startedAt: 2 }),
    record({ subject: "b", startedAt: 5 }),
  ]);
  expect((await history.latest()).map(({ subject, startedAt }) => [subject, startedAt])).toEqual([
    ["a", 2],
    ["b", 5],
  ]);
});

test("the lock of a killed process does not hold up the next", async () => {
  const root = await temporaryDirectory();
  (await History.open(root)).close();
  const lock = join(root, ".integ", "history.db.lock");
  await mkdir(lock);
  const past = new Date(Date.now() - 60_000);
  await utimes(lock, past, past);
  const history = await opened(root);
  await history.add([record()]);
  expect(await history.runs(record().subject, { limit: 1 })).toHaveLength(1);
  await expect(stat(lock)).rejects.toThrow("ENOENT");
});

test("what is no history is refused and left as it is", async () => {
  const root = await temporaryDirectory();
  await mkdir(join(root, ".integ"));
  const file = join(root, ".integ", "history.db");
  await writeFile(
    file,
    "my notes, not a database, and longer than a header of a hundred bytes would be ".repeat(3),
  );
  await expect(History.open(root)).rejects.toThrow();
  expect(await readFile(file, "utf8")).toContain("my notes");
});

test("several processes write at the same time, and nothing is lost", async () => {
  const root = await temporaryDirectory();
  const run = promisify(execFile);
  const jiti = fileURLToPath(new URL("../../node_modules/.bin/jiti", import.meta.url));
  const script = fileURLToPath(new URL("writer.ts", import.meta.url));
  await Promise.all(["a", "b", "c"].map((name) => run(process.execPath, [jiti, script, root, name])));
  const history = await opened(root);
  const runs = await history.runs("shared", { limit: 1000 });
  expect(runs.map(({ endpoint }) => endpoint).sort()).toEqual([
    ..."a".repeat(20),
    ..."b".repeat(20),
    ..."c".repeat(20),
  ]);
});
