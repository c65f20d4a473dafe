import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/base/errors.ts";
import type { Finding } from "../../../src/base/finding.ts";
import { run as diff } from "../../../src/commands/diff/run.ts";
import { run as record } from "../../../src/commands/record/run.ts";
import { ruleOf } from "../../../src/contract/rules/table.ts";
import { checkIn, projectWith, quietContext, serveJson } from "../../check/project.ts";
import { FILE_CASES, type FileCase } from "./file-cases.ts";

const manifest = (url: string, endpoint: string) =>
  `name: acme\nbaseUrl: ${url}\nactive: v1\nversions: { v1: {} }\nendpoints:\n  get-thing: ${endpoint}\n`;
const CONTRACT = "src/integrations/acme/v1/contract/get-thing.json";
const TARGETS = { targets: [], env: undefined, samples: 2, timeout: undefined };
const RECORD = { ...TARGETS, force: undefined, deepen: undefined, dryRun: undefined };
const DIFF = {
  ...TARGETS,
  against: undefined,
  direction: undefined,
  allowRemoteRefs: undefined,
  format: undefined,
};

/** What the command that the case is about says of the project. */
async function findingsOf({
  endpoint = "{ request: GET /thing }",
  contract,
  paths,
}: FileCase[2]): Promise<readonly Finding[]> {
  const url = await serveJson(() => ({ body: { id: 1 } }));
  const cwd = await projectWith({
    "integ.config.yaml": "project: shop\n",
    "src/integrations/acme/integration.yaml": manifest(url, endpoint),
    "api.json": JSON.stringify({ openapi: "3.1.0", info: { title: "a", version: "1" }, paths }),
  });
  const ctx = quietContext(cwd);
  if (paths !== undefined) return (await record({ ...RECORD, fromOpenapi: "api.json" }, ctx)).findings ?? [];
  if (typeof contract === "string") {
    await mkdir(dirname(join(cwd, CONTRACT)), { recursive: true });
    await writeFile(join(cwd, CONTRACT), contract);
  } else if (contract === undefined) {
    const { findings = [] } = await record(RECORD, ctx);
    if (findings.length > 0) return findings;
  }
  return (await diff(DIFF, ctx)).findings ?? [];
}

describe.each(FILE_CASES)("%s: %s", (rule, _why, state, severity) => {
  const id = `contract/${rule}`;
  test(severity === undefined ? "stays silent" : "speaks", async () => {
    expect(ruleOf(id)).toBeDefined();
    const said = await findingsOf(state).catch((error: unknown) => {
      if (error instanceof ConfigError && error.code === id) return [{ rule: id, severity: "error" }];
      throw error;
    });
    const own = said.filter((one) => one.rule === id).map((one) => one.severity);
    expect(own).toEqual(severity === undefined ? [] : [severity]);
  });
});

test("check goes on where a contract cannot be read", async () => {
  const url = await serveJson(() => ({ body: { id: 1 } }));
  const cwd = await projectWith({
    "integ.config.yaml": "project: shop\n",
    "src/integrations/acme/integration.yaml": manifest(url, "{ request: GET /thing }"),
    [CONTRACT]: "{",
  });
  const { report } = await checkIn(cwd);
  expect(report.findings.map(({ rule }: Finding) => rule)).toContain("contract/unreadable");
});
