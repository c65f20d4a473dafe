import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { finding, type Severity } from "../../../src/base/finding.ts";
import { schemaLocator } from "../../../src/check/consumer/source/locate.ts";
import { judgeReaders, LISTED } from "../../../src/check/readers/judge.ts";
import { chainKey, type Readers } from "../../../src/check/readers/search.ts";
import type { Target } from "../../../src/config/project.ts";
import { readerWords } from "../../../src/report/words.ts";

const ROOT = join("/shop");
const target = {
  integration: { name: "acme" },
  version: { name: "v1", directory: join(ROOT, "src/acme/v1") },
  environment: { name: "dev" },
  endpoint: { name: "get", consumer: "Thing" },
} as unknown as Target;
const locator = schemaLocator(
  () => 'import * as z from "zod";\nexport const Thing = z.object({ email: z.string().optional() });',
);
const place = (line: number) => ({ file: join(ROOT, "src/use.ts"), line, column: 3 });

const drift = (severity: Severity, rule = "contract/property-removed", evidence = {}) =>
  finding({
    rule,
    severity,
    message: "m",
    integration: "acme",
    version: "v1",
    environment: "dev",
    endpoint: "get",
    path: "$.email",
    evidence: { consumer: "Thing reads it where it is there", ...evidence },
  });

async function judged(one: ReturnType<typeof drift>, readers: Readers) {
  const [after] = await judgeReaders([one], [target], {
    find: async (chains) => ({ readers: new Map(chains.map((chain) => [chainKey(chain), readers])) }),
    locator,
    cwd: ROOT,
    note: () => {},
  });
  if (!after) throw new Error("a finding went missing");
  return after;
}

const NOBODY: Readers = { reads: [], passes: [] };
const READ: Readers = { reads: [place(3)], passes: [] };
const PASSED: Readers = { reads: [], passes: [place(9)] };

describe("readers and severity", () => {
  test.each([
    ["refused by our schema, read by nobody: still an error", drift("error"), NOBODY, "error"],
    ["accepted, and gone for good, and read", drift("warning"), READ, "error"],
    [
      "accepted, and gone by few samples, and read",
      drift("warning", undefined, { thin: true }),
      READ,
      "warning",
    ],
    ["accepted, and only passed on whole", drift("warning"), PASSED, "warning"],
    ["accepted, and nobody reads it", drift("warning"), NOBODY, "info"],
    ["accepted, and who reads it is not all known", drift("warning"), { ...NOBODY, unseen: true }, "warning"],
    ["changed otherwise, and read", drift("warning", "contract/became-nullable"), READ, "warning"],
    ["changed otherwise, and nobody reads it", drift("warning", "contract/became-nullable"), NOBODY, "info"],
  ] as const)("%s", async (_, one, readers, severity) => {
    expect((await judged(one, readers)).severity).toBe(severity);
  });

  test("an info, what is inconclusive and what no schema was asked about are left as they are", async () => {
    const plain = { ...drift("warning"), evidence: {} };
    for (const one of [drift("info"), drift("inconclusive"), plain]) {
      expect(await judged(one, READ)).toEqual(one);
    }
  });

  test("where readers are not known nothing is said of them, and severity stays", async () => {
    const said: string[] = [];
    const one = drift("warning");
    const [after] = await judgeReaders([one], [target], {
      find: async () => ({ unknown: "the project has no typescript" }),
      locator,
      cwd: ROOT,
      note: (text) => said.push(text),
    });
    expect(after).toEqual(one);
    expect(said.join()).toContain("the project has no typescript");
  });

  test(`${LISTED} lines are listed, the others counted`, async () => {
    const reads = Array.from({ length: LISTED + 2 }, (_, i) => place(i + 1));
    const after = await judged(drift("error"), { reads, passes: [place(40)] });
    expect(after.evidence?.readBy).toHaveLength(LISTED);
    expect(after.evidence).toMatchObject({ readByMore: 2, passedOnAt: [{ file: "src/use.ts", line: 40 }] });
    const [read = "", passed = ""] = readerWords(after);
    expect(read).toMatch(/^read at src\/use\.ts:1, .*src\/use\.ts:10 and 2 more$/);
    expect(passed).toBe("passed on whole at src/use.ts:40");
    expect(readerWords(await judged(drift("error"), NOBODY))).toEqual(["no code reads it by name"]);
  });
});
