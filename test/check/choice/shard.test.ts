import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { finding } from "../../../src/base/finding.ts";
import { plainStyle } from "../../../src/base/style.ts";
import { parseShard, targetsOfShard } from "../../../src/check/choice/shard.ts";
import { mergeParts } from "../../../src/check/outcome/merge.ts";
import { run as merge } from "../../../src/commands/report-merge.ts";
import { loadProject } from "../../../src/config/load.ts";
import { resolveTargets } from "../../../src/config/targets.ts";
import { checkIn, projectWith, quietContext, serveJson, shop } from "../project.ts";

const MANY = Array.from({ length: 40 }, (_, i) => `  e${i}: { request: GET /e${i} }`).join("\n");

async function manyTargets() {
  const cwd = await projectWith(shop("http://127.0.0.1:9", { manifest: MANY }));
  return resolveTargets(await loadProject({ cwd }), []);
}

describe("shards", () => {
  test("every target is in exactly one, and each has its share", async () => {
    const targets = await manyTargets();
    for (const count of [1, 2, 5]) {
      const shards = Array.from({ length: count }, (_, i) =>
        targetsOfShard(targets, { index: i + 1, count }),
      );
      expect(
        shards
          .flat()
          .map(({ label }) => label)
          .sort(),
      ).toEqual(targets.map(({ label }) => label).sort());
      for (const shard of shards) expect(shard.length).toBeGreaterThan(targets.length / count / 3);
    }
  });

  test("where a target belongs does not depend on the other targets", async () => {
    const targets = await manyTargets();
    const shard = { index: 2, count: 3 };
    const alone = targets.filter((target) => targetsOfShard([target], shard).length === 1);
    expect(alone).toEqual(targetsOfShard(targets, shard));
  });

  test("one shard more only takes targets away from the others", async () => {
    const targets = await manyTargets();
    for (let index = 1; index <= 4; index++) {
      const before = targetsOfShard(targets, { index, count: 4 });
      const after = targetsOfShard(targets, { index, count: 5 });
      expect(before).toEqual(expect.arrayContaining(after));
    }
  });

  test.each(["0/2", "3/2", "1", "a/b", "1/0", "-1/2", "1/2/3"])("%s is no shard", (text) => {
    expect(parseShard(text)).toBeUndefined();
  });
});

describe("merging reports", () => {
  test("a shard whose report is not there is said to be missing: nobody takes what is left for the whole", () => {
    const part = (index: number, count: number) => ({ findings: [], endpoints: [], shard: { index, count } });
    const missing = (...parts: ReturnType<typeof part>[]) =>
      mergeParts(parts).findings.map(({ rule, severity, message }) => [
        rule,
        severity,
        message.split(" was ")[0],
      ]);
    expect(missing(part(1, 2), part(2, 2))).toEqual([]);
    expect(missing(part(1, 3), part(3, 3))).toEqual([
      ["check/shard-missing", "inconclusive", "The report of shard 2/3"],
    ]);
    expect(mergeParts([{ findings: [], endpoints: [] }]).findings).toEqual([]);
  });

  const endpoint = (name: string) => ({
    integration: "a",
    version: "v1",
    environment: "dev",
    endpoint: name,
  });
  test("joins parts in any order and grouping to the same whole", () => {
    const part = fc.array(fc.nat(8), { maxLength: 6 }).map((ids) => ({
      findings: ids.map((id) => finding({ rule: `r/r${id}`, severity: "error", message: `m${id}` })),
      endpoints: ids.map((id) => endpoint(`e${id}`)),
    }));
    fc.assert(
      fc.property(fc.array(part, { minLength: 2, maxLength: 4 }), (parts) => {
        const [first, ...rest] = parts;
        const all = mergeParts(parts);
        expect(mergeParts(parts.toReversed())).toEqual(all);
        expect(mergeParts([...(first ? [first] : []), mergeParts(rest)])).toEqual(all);
      }),
    );
  });

  test("shards of a check joined are the check", async () => {
    const url = await serveJson((path) => (path === "/e3" ? { status: 503, body: {} } : { body: { id: 1 } }));
    const manifest = Array.from({ length: 6 }, (_, i) => `  e${i}: { request: GET /e${i} }`).join("\n");
    const cwd = await projectWith(shop(url, { manifest }));
    const whole = await checkIn(cwd);
    for (const index of [1, 2]) {
      const { report } = await checkIn(cwd, { shard: `${index}/2` });
      await writeFile(join(cwd, `part-${index}.json`), JSON.stringify(report));
    }
    const files = ["part-2.json", "part-1.json"];
    const joined = await merge({ files, reporter: [] }, quietContext(cwd));
    expect(JSON.parse(JSON.stringify(joined.findings))).toEqual(whole.report.findings);
    const names = (endpoints: unknown) => JSON.stringify(endpoints).match(/"endpoint":"\w[\w-]*"/g);
    expect(names(joined.data?.endpoints)).toEqual(names(whole.report.endpoints));
    expect(joined.text?.({ style: plainStyle, columns: 80 })).toContain("2 reports of 7 endpoints");
  });

  test("two reports of one shard are refused: what the earlier run found would stay beside what the later says", async () => {
    const url = await serveJson(() => ({ body: { id: "1", email: "a" } }));
    const config = "environments: { dev: {}, prod: {} }\ndefaultEnvironment: dev\n";
    const cwd = await projectWith(shop(url, { config }));
    const write = async (file: string, minute: number, env?: string) => {
      const { report } = await checkIn(cwd, { shard: "1/1", ...(env ? { env } : {}) });
      const startedAt = `2026-01-01T00:0${minute}:00.000Z`;
      await writeFile(join(cwd, file), JSON.stringify({ ...report, startedAt }));
    };
    await write("again.json", 2);
    await write("first.json", 1);
    await write("prod.json", 1, "prod");
    const joining = (...files: string[]) => merge({ files, reporter: [] }, quietContext(cwd));
    await expect(joining("again.json", "first.json")).rejects.toMatchObject({
      exitCode: 2,
      message: "again.json and first.json are both of shard 1/1",
      hint: expect.stringContaining("without first.json"),
    });
    // Each environment has a shard of that number.
    expect((await joining("again.json", "prod.json")).data?.endpoints).toHaveLength(2);
  });
});
