import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/base/finding.ts";
import { projectWith, serve } from "../check/project.ts";
import { integInProcess } from "../support/in-process.ts";

/** A provider whose endpoint is gone, and which leads elsewhere from `/old`. */
const provider = () =>
  serve((request, response) => {
    if (request.url === "/old") response.writeHead(302, { location: "/new" }).end();
    else response.writeHead(410).end();
  });

const project = (baseUrl: string, rules: string) =>
  projectWith({
    "integ.config.yaml": `project: shop\nenvironments: { dev: { store: env } }\nrules: { ${rules} }\n`,
    "src/integrations/acme/integration.yaml": [
      "name: acme",
      `baseUrl: ${baseUrl}`,
      "endpoints:",
      "  get-thing: { request: GET /thing }",
      "  get-old: { request: GET /old }",
      "",
    ].join("\n"),
  });

async function run(cwd: string, ...args: string[]) {
  const { code, stdout } = await integInProcess([...args, "--json"], { cwd });
  const report = JSON.parse(stdout) as { findings: Finding[]; checks?: { area: string }[] };
  const severities = Object.fromEntries(report.findings.map(({ rule, severity }) => [rule, severity]));
  return { code, severities, checks: report.checks?.map(({ area }) => area) };
}

const few = ["--samples", "1", "--cold", "0", "--pause", "0ms"];

describe("a severity that the configuration sets holds", () => {
  test("in a probe, and for its exit code", async () => {
    const url = await provider();
    const usual = await run(await project(url, ""), "probe", "acme/get-thing", ...few);
    expect(usual).toMatchObject({ code: 1, severities: { "probe/gone": "error" } });
    const milder = await run(await project(url, "probe/gone: info"), "probe", "acme/get-thing", ...few);
    expect(milder).toMatchObject({ code: 0, severities: { "probe/gone": "info" } });
    const silenced = await run(await project(url, "probe/gone: off"), "probe", "acme/get-thing", ...few);
    expect(silenced).toMatchObject({ code: 0, severities: {} });
  });

  test("in a load test", async () => {
    const cwd = await project(await provider(), "probe/load-redirects: error");
    const { code, severities } = await run(cwd, "probe", "acme/get-old", "--duration", "200ms");
    expect({ code, severities }).toEqual({ code: 1, severities: { "probe/load-redirects": "error" } });
  });

  test("in a recording", async () => {
    const cwd = await project(await provider(), "probe/gone: warning");
    const { code, severities } = await run(cwd, "record", "acme/get-thing");
    expect({ code, severities }).toEqual({ code: 0, severities: { "probe/gone": "warning" } });
  });

  test("in what doctor finds, and what is silenced is not shown as wrong", async () => {
    const nowhere = "http://127.0.0.1:9";
    const usual = await run(await project(nowhere, ""), "doctor", "--offline");
    expect(usual).toMatchObject({ code: 0, severities: { "doctor/contracts": "warning" } });
    expect(usual.checks).toContain("contracts");
    const stricter = await run(await project(nowhere, "doctor/contracts: error"), "doctor", "--offline");
    expect(stricter).toMatchObject({ code: 1, severities: { "doctor/contracts": "error" } });
    const silenced = await run(await project(nowhere, "doctor/contracts: off"), "doctor", "--offline");
    expect(silenced.severities).not.toHaveProperty("doctor/contracts");
    expect(silenced.checks).not.toContain("contracts");
  });

  test("in a search for keys", async () => {
    const cwd = await project("http://127.0.0.1:9", "secret/key-in-repository: warning");
    const key = ["sk", "live", "4eC39HqLyjWDarjtT1zdp7dc".split("").reverse().join("")].join("_");
    await writeFile(join(cwd, "notes.txt"), `key = ${key}\n`);
    const { code, severities } = await run(cwd, "secrets", "scan", "notes.txt");
    expect({ code, severities }).toEqual({ code: 0, severities: { "secret/key-in-repository": "warning" } });
  });
});

test("a severity for a rule that there is not, or for the code of an error, is told by a check", async () => {
  const cwd = await project(
    "http://127.0.0.1:9",
    "probe/gonne: off, config/syntax: off, config/module-missing: off",
  );
  const { code, stdout } = await integInProcess(["check", "--only", "config", "--json"], { cwd });
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  expect(code).toBe(0);
  expect(findings.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual([
    "config/unknown-rule warning",
    "config/unknown-rule warning",
  ]);
  const told = findings.map(({ message, help }) => `${message}; ${help}`).join("\n");
  expect(told).toContain("did you mean `probe/gone`?");
  expect(told).toContain("`config/syntax`, the code of an error");
});
