import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../../src/base/finding.ts";
import { run as accept } from "../../../src/commands/accept/run.ts";
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

const placeOf = ({ location, endpoint }: Pick<Finding, "location" | "endpoint">) =>
  location ? `${basename(location.file)}:${location.line}:${location.column}` : endpoint;

describe.each(FILE_CASES)("%s: %s", (rule, _why, state, place) => {
  const id = `contract/${rule}`;
  test(place === undefined ? "stays silent" : "speaks", async () => {
    expect(ruleOf(id)).toBeDefined();
    const own = (await findingsOf(state)).filter((one) => one.rule === id);
    expect(own.map(({ severity, ...one }) => `${severity} ${placeOf(one)}`)).toEqual(
      place === undefined ? [] : [place],
    );
  });
});

/** An endpoint with a contract that can be read, one whose contract is broken, and one that nobody answers for. */
async function spoilt(broken: string) {
  const url = await serveJson(() => ({ body: { id: 1 } }));
  const cwd = await projectWith({
    "integ.config.yaml": "project: shop\n",
    "src/integrations/acme/integration.yaml": `${manifest(url, "{ request: GET /thing }")}  other: { request: GET /other }\n  dead: { request: GET http://127.0.0.1:1/ }\n`,
    "src/integrations/acme/v1/contract/other.json": CONTRACT_OF("GET /other"),
    "src/integrations/acme/v1/contract/dead.json": broken,
    [CONTRACT]: broken,
  });
  return { cwd, ctx: quietContext(cwd) };
}

const CONTRACT_OF = (request: string) =>
  JSON.stringify({
    "x-integ": { contract: 1, request, status: 200, samples: 40 },
    type: "object",
    properties: { id: { type: "string" } },
    required: ["id"],
  });

const BROKEN = [
  [
    "marks of a merge conflict",
    '{\n  "type": "object",\n  <<<<<<< HEAD\n',
    "merge conflict",
    { line: 3, column: 1 },
  ],
  ["half a file", '{\n  "type": "obj', "no valid JSON", { line: 2, column: 15 }],
  [
    "a type that there is not",
    '{\n  "properties": {\n    "a": { "type": "objekt" }\n  }\n}\n',
    "objekt",
    { line: 3 },
  ],
] as const;

test.each(BROKEN)(
  "%s: one error with its line, and no other endpoint is spoilt",
  async (_, text, says, place) => {
    const { cwd, ctx } = await spoilt(text);
    const ask = { rule: [], path: [], fingerprint: [], all: true, dryRun: true };
    const all = {
      record: (await record(RECORD, ctx)).findings,
      diff: (await diff(DIFF, ctx)).findings,
      accept: (await accept({ ...TARGETS, ...ask }, ctx)).findings,
      check: (await checkIn(cwd)).report.findings as Finding[],
    };
    for (const [command, findings = []] of Object.entries(all)) {
      const own = findings.filter(
        ({ endpoint, rule }) => endpoint === "get-thing" && !rule.startsWith("probe/"),
      );
      expect(own, command).toMatchObject([
        {
          rule: "contract/unreadable",
          severity: "error",
          message: expect.stringContaining(says) as string,
          location: { file: CONTRACT, ...place },
        },
      ]);
      // Nobody answers for it, and its contract is broken: both are to be known.
      const dead = findings.filter(({ endpoint }) => endpoint === "dead").map(({ severity }) => severity);
      if (command === "diff" || command === "check")
        expect(dead.sort(), command).toEqual(["error", "inconclusive"]);
      if (command !== "accept")
        expect(
          findings.map(({ rule }) => rule),
          command,
        ).toContain("contract/type-changed");
    }
  },
);

test("accept takes nothing over from answers to another request", async () => {
  const url = await serveJson(() => ({ body: { id: 1 } }));
  const text = CONTRACT_OF("GET /thing?expand=all");
  const cwd = await projectWith({
    "integ.config.yaml": "project: shop\n",
    "src/integrations/acme/integration.yaml": manifest(url, "{ request: GET /thing }"),
    [CONTRACT]: text,
  });
  const ask = { rule: [], path: [], fingerprint: [], all: true, dryRun: false };
  const { findings } = await accept({ ...TARGETS, ...ask }, quietContext(cwd));
  expect(findings).toMatchObject([{ rule: "contract/other-request", severity: "inconclusive" }]);
  expect(await readFile(join(cwd, CONTRACT), "utf8")).toBe(text);
});

test("accept tells what only some answers show, and takes nothing of it over", async () => {
  let asked = 0;
  const headers = () => ({ "content-type": asked++ % 2 ? "application/hal+json" : "application/json" });
  const url = await serveJson(() => ({ body: { id: "1" }, headers: headers() }));
  const text = CONTRACT_OF("GET /thing");
  const cwd = await projectWith({
    "integ.config.yaml": "project: shop\n",
    "src/integrations/acme/integration.yaml": manifest(url, "{ request: GET /thing }"),
    [CONTRACT]: text.replace('"status":200', '"status":200,"contentType":"application/json"'),
  });
  const before = await readFile(join(cwd, CONTRACT), "utf8");
  const ask = { rule: [], path: [], fingerprint: [], all: true, dryRun: false };
  const { findings } = await accept({ ...TARGETS, ...ask }, quietContext(cwd));
  expect(findings).toMatchObject([{ rule: "contract/content-type-changed", severity: "warning" }]);
  expect(await readFile(join(cwd, CONTRACT), "utf8")).toBe(before);
});
