import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { temporaryDirectory } from "../support/cli.ts";
import { integInProcess } from "../support/in-process.ts";

interface Found {
  rule: string;
  severity: string;
  path?: string;
  fingerprint: string;
}

/** A project with three endpoints of an embedded API, and a way to run commands in it. */
async function project() {
  const sandbox: Sandbox = await startSandbox({});
  onTestFinished(() => sandbox.close());
  const root = await temporaryDirectory();
  const directory = join(root, "src", "integrations", "acme");
  await mkdir(join(directory, "v1"), { recursive: true });
  await writeFile(join(root, "integ.config.yaml"), "environments:\n  dev: {}\n");
  await writeFile(
    join(directory, "integration.yaml"),
    `name: acme
purpose: Payments
owner: us
baseUrl: ${sandbox.url}
auth: { scheme: bearer, secret: api_key }
secrets:
  api_key: { env: ACME_KEY }
active: v1
versions: { v1: {} }
endpoints:
  get-balance: { request: GET /v1/balance }
  list-charges: { request: "GET /v1/charges?limit=20" }
  list-customers: { request: "GET /v1/customers?limit=20" }
`,
  );
  const env = { ACME_KEY: sandbox.apiKey };
  const run = (...args: string[]) => integInProcess(args, { cwd: root, env });
  const runWithKey = (key: string, ...args: string[]) =>
    integInProcess(args, { cwd: root, env: { ACME_KEY: key } });
  const json = async (...args: string[]) => {
    const { stdout, code } = await run(...args, "--json");
    return {
      code,
      ...(JSON.parse(stdout) as { findings: Found[]; contracts?: { state: string }[]; accepted?: Found[] }),
    };
  };
  const contract = (name: string) => join(directory, "v1", "contract", `${name}.json`);
  return { sandbox, root, run, runWithKey, json, contract };
}

test("record, diff and accept close the loop on a provider that changes", { timeout: 120_000 }, async () => {
  const { sandbox, json, run, contract } = await project();

  const first = await json("record");
  expect(first.contracts?.map(({ state }) => state)).toEqual(["recorded", "recorded", "recorded"]);
  const before = await readFile(contract("list-customers"), "utf8");
  const again = await json("record");
  expect(again.contracts?.map(({ state }) => state)).toEqual(["unchanged", "unchanged", "unchanged"]);
  expect(await readFile(contract("list-customers"), "utf8")).toBe(before);

  sandbox.setRelease("v2");
  const drifted = await json("diff");
  expect(drifted.code).toBe(1);
  expect(
    drifted.findings
      .filter(({ severity }) => severity === "error")
      .map(({ rule, path }) => `${rule} ${path}`),
  ).toEqual([
    "contract/type-changed $.available[*].amount",
    "contract/type-changed $.pending[*].amount",
    "contract/type-changed $.data[*].amount",
    "contract/property-removed $.data[*].email",
  ]);

  const refused = await json("record");
  expect(refused.code).toBe(1);
  expect(refused.contracts?.map(({ state }) => state)).toEqual(["drifted", "drifted", "drifted"]);
  expect(await readFile(contract("list-customers"), "utf8")).toBe(before);

  const shown = await json("accept", "--all", "--dry-run");
  expect(shown.accepted?.length).toBe(drifted.findings.length);
  expect(await readFile(contract("list-customers"), "utf8")).toBe(before);

  const some = await json("accept", "--rule", "property-added");
  expect(new Set(some.accepted?.map(({ rule }) => rule))).toEqual(new Set(["contract/property-added"]));
  const left = await json("diff");
  expect(left.findings.some(({ rule }) => rule === "contract/property-added")).toBe(false);
  expect(left.code).toBe(1);

  expect((await run("accept", "--all")).code).toBe(0);
  const clean = await json("diff");
  expect([clean.code, clean.findings]).toEqual([0, []]);
});

test("what cannot be judged is inconclusive, and nothing is written", { timeout: 60_000 }, async () => {
  const { json, run } = await project();
  const unknown = await json("diff", "acme/get-balance");
  expect([unknown.code, unknown.findings.map(({ rule }) => rule)]).toEqual([3, ["contract/not-recorded"]]);
  const nobody = await integInProcess(["record", "acme/get-balance", "--json"], {
    cwd: (await project()).root,
    env: {},
  });
  expect(nobody.code).toBe(4);
  expect((await run("accept", "acme/get-balance")).code).toBe(3);
  const typo = await run("diff", "acme/get-balanc");
  expect([typo.code, typo.stderr]).toEqual([2, expect.stringContaining("did you mean `get-balance`")]);
});

test("a contract of sample files needs no project, and a URL is judged by it", {
  timeout: 60_000,
}, async () => {
  const { sandbox, root, run } = await project();
  const lines = Array.from({ length: 10 }, (_, id) => JSON.stringify({ id, name: "x" })).join("\n");
  await writeFile(join(root, "answers.ndjson"), lines);
  expect((await run("record", "--from", "answers.ndjson", "--out", "thing.json")).code).toBe(0);
  const schema: unknown = JSON.parse(await readFile(join(root, "thing.json"), "utf8"));
  expect(schema).toHaveProperty("required", ["id", "name"]);
  expect((await run("record", "--from", "answers.ndjson", "--out", "thing.json")).code).toBe(2);
  const piped = await integInProcess(["record", "--from", "-", "--out", "-"], {
    cwd: root,
    stdin: '{"a": 1}',
  });
  expect(JSON.parse(piped.stdout)).toHaveProperty("properties.a.type", "integer");
  const broken = await integInProcess(["record", "--from", "-", "--out", "-"], {
    cwd: root,
    stdin: '{"a": 1}\n{"a"',
  });
  expect([broken.code, broken.stderr]).toEqual([2, expect.stringContaining("standard input:2")]);
  const url = await run("diff", `${sandbox.url}/`, "--against", "thing.json", "--samples", "8");
  expect(url.code).toBe(1);
  expect(url.stdout).toContain("contract/property-removed");
});

test("a HAR file is recorded from without asking anybody", { timeout: 60_000 }, async () => {
  const { sandbox, root, run, json } = await project();
  const answered = (id: number) => ({
    startedDateTime: "2026-01-01T00:00:00.000Z",
    time: 1,
    request: { method: "GET", url: `${sandbox.url}/v1/balance`, headers: [] },
    response: {
      status: 200,
      statusText: "OK",
      httpVersion: "HTTP/1.1",
      headers: [{ name: "Content-Type", value: "application/json" }],
      content: { size: 10, mimeType: "application/json", text: JSON.stringify({ id }) },
    },
  });
  const har = {
    log: { version: "1.2", creator: { name: "x", version: "1" }, entries: [1, 2, 3].map(answered) },
  };
  await writeFile(join(root, "seen.har"), JSON.stringify(har));
  const before = sandbox.requests.length;
  const { contracts, findings } = await json("record", "acme/get-balance", "--from-har", "seen.har");
  expect(contracts).toMatchObject([{ state: "recorded", samples: 3 }]);
  expect(findings).toEqual([]);
  expect(sandbox.requests.length).toBe(before);
  // One broken entry costs no more than itself, and the exit code says that something is missing.
  const { response: _, ...broken } = answered(4);
  await writeFile(join(root, "part.har"), JSON.stringify({ log: { entries: [broken, ...har.log.entries] } }));
  const part = await run("record", "acme/get-balance", "--from-har", "part.har", "--force", "--json");
  expect([part.code, part.stderr]).toEqual([
    3,
    expect.stringContaining("left out of part.har: log.entries[0].response"),
  ]);
  expect(JSON.parse(part.stdout)).toMatchObject({
    contracts: [{ state: "replaced", samples: 3 }],
    findings: [{ severity: "inconclusive", evidence: { failed: 1, samples: 4 } }],
  });
});

test("rules are listed, and one is explained", { timeout: 60_000 }, async () => {
  const all = await integInProcess(["rules"]);
  expect(all.stdout).toContain("contract/property-removed");
  const one = await integInProcess(["rules", "property-removed"]);
  for (const title of ["What it does", "Why it matters", "Example", "What to do"])
    expect(one.stdout).toContain(title);
  const typo = await integInProcess(["rules", "property-remove"]);
  expect([typo.code, typo.stderr]).toEqual([
    2,
    expect.stringContaining("did you mean `contract/property-removed`"),
  ]);
});

test("a secret that the provider refuses is exit code 4, as a missing one is", async () => {
  const { run, runWithKey } = await project();
  await run("record", "acme/get-balance");
  const other = ["not", "the", "key"].join("-");
  for (const command of ["record", "diff", "accept"]) {
    const { code, stdout, stderr } = await runWithKey(other, command, "acme/get-balance", "--json");
    expect([command, code]).toEqual([command, 4]);
    expect(stdout).toContain("probe/unauthorized");
    expect(stdout + stderr).not.toContain(other);
  }
});
