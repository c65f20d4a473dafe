import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { IntegError } from "../../src/base/errors.ts";
import { finding } from "../../src/base/finding.ts";
import { buildReport } from "../../src/base/report.ts";
import { plainStyle } from "../../src/base/style.ts";
import type { CheckCommandOptions } from "../../src/commands/check/options.ts";
import { run, type WaiveOptions } from "../../src/commands/waive.ts";
import { loadProject } from "../../src/config/load.ts";
import { integInProcess as integ } from "../support/in-process.ts";
import { checkIn, projectWith, quietContext, serveJson, shop } from "./project.ts";

const broken = async (extra: Parameters<typeof shop>[1] = {}) =>
  projectWith(shop(await serveJson(() => ({ body: { id: "1" } })), extra));

describe("reports of a check", () => {
  test("several at once, each in its file, the text still on stdout", async () => {
    const cwd = await broken();
    const files = ["sarif=out/x.sarif", "junit=x.xml", "gitlab=x.json", "markdown=x.md", "json=report.json"];
    const { code, stdout } = await integ(["check", ...files.flatMap((file) => ["--reporter", file])], {
      cwd,
    });
    expect(code).toBe(1);
    expect(stdout).toContain("1 error");
    const sarif = JSON.parse(await readFile(join(cwd, "out/x.sarif"), "utf8"));
    expect(sarif.runs[0].results[0].locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: "src/integrations/acme/v1/schemas.ts" },
      region: { startLine: 5 },
    });
    expect(await readFile(join(cwd, "x.xml"), "utf8")).toContain("<failure ");
    expect(JSON.parse(await readFile(join(cwd, "x.json"), "utf8"))[0]).toMatchObject({
      severity: "critical",
    });
    expect(await readFile(join(cwd, "x.md"), "utf8")).toContain("<!-- integ:report -->");
    expect(JSON.parse(await readFile(join(cwd, "report.json"), "utf8"))).toMatchObject({ report: "integ/1" });
  });

  test.each([
    ["a report", ["--reporter", "json=file/x.json", "--reporter", "sarif=x.sarif"]],
    ["the recording", ["--har-out", "file/x.har", "--reporter", "sarif=x.sarif"]],
  ])(
    "%s that cannot be written loses neither findings, nor their exit code, nor other reports",
    async (_, args) => {
      const cwd = await broken();
      await writeFile(join(cwd, "file"), "");
      const { code, stdout, stderr } = await integ(["check", ...args], { cwd });
      expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining("1 error") });
      expect(stderr).toMatch(/error: Cannot access .*file: a part of the path is a file, not a directory/);
      expect(JSON.parse(await readFile(join(cwd, "x.sarif"), "utf8")).runs[0].results).toHaveLength(1);
      const nothing = await integ(["check", "--only", "config", ...args], { cwd });
      expect(nothing).toMatchObject({ code: 3, stdout: expect.stringContaining("no findings") });
    },
  );

  test("local state that cannot be kept costs nothing of what was found", async () => {
    const cwd = await broken();
    await writeFile(join(cwd, ".integ"), "");
    expect(await checkIn(cwd)).toMatchObject({ code: 1, report: { summary: { errors: 1 } } });
  });

  test("one without a file takes stdout", async () => {
    const { stdout } = await checkIn(await broken(), { reporter: ["gitlab"] });
    expect(JSON.parse(stdout)[0]).toMatchObject({ check_name: "consumer/rejected" });
  });

  test.each<[Partial<CheckCommandOptions>, string, string]>([
    [{ reporter: ["sarf"] }, "There is no reporter `sarf`", "did you mean `sarif`?"],
    [{ reporter: ["sarif=a.txt", "junit=./a.txt"] }, "cannot write to one file: a.txt", "a file of its own"],
    [{ reporter: ["sarif", "junit"] }, "Only one reporter can write to stdout", "--reporter junit=FILE"],
    [{ reporter: ["sarif="] }, "the file is missing", "--reporter sarif=FILE"],
    [{ harIn: "a", harOut: "b" }, "exclude each other", ""],
    [{ harIn: "nowhere.har" }, "nowhere.har cannot be read", ""],
    [{ baseline: "nowhere.json" }, "nowhere.json is no report", "integ check --reporter json=FILE"],
  ])("%j is wrong usage, said before anything is sent", async (options, message, hint) => {
    const cwd = await projectWith(shop("http://127.0.0.1:9"));
    const error: unknown = await checkIn(cwd, options).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining(message) });
    expect(error instanceof IntegError ? (error.hint ?? "") : "").toContain(hint);
  });

  test("under GitHub Actions lines are annotated and the summary written; stdout is no source of commands", async () => {
    const cwd = await broken();
    const env = {
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: cwd,
      GITHUB_STEP_SUMMARY: join(cwd, "summary.md"),
      GITHUB_OUTPUT: join(cwd, "output"),
    };
    const { stdout, stderr } = await checkIn(cwd, {}, env);
    expect(stderr).toContain(
      "::error title=consumer/rejected,file=src/integrations/acme/v1/schemas.ts,line=5,col=3,",
    );
    const [stop, ...rest] = stdout.split("\n");
    expect(stop).toMatch(/^::stop-commands::[0-9a-f]{32}$/);
    expect(rest.at(-1)).toBe(`::${stop?.split("::")[2]}::`);
    expect(await readFile(env.GITHUB_STEP_SUMMARY, "utf8")).toContain("integ check");
    expect(await readFile(env.GITHUB_OUTPUT, "utf8")).toContain("errors=1\n");
    expect((await checkIn(cwd, { annotations: "never" }, env)).stderr).not.toContain("::error");
  });

  test("a baseline leaves what is new", async () => {
    const cwd = await broken();
    await checkIn(cwd, { reporter: ["json=base.json"] });
    const { code, report } = await checkIn(cwd, { baseline: "base.json" });
    expect({ code, ...report }).toMatchObject({ code: 0, findings: [], baseline: { known: 1, gone: 0 } });
  });

  test("what a baseline holds can be waived after a check that did not show it", async () => {
    const cwd = await broken();
    const { report } = await checkIn(cwd, { reporter: ["json=base.json"] });
    await checkIn(cwd, { baseline: "base.json" });
    const [{ fingerprint }] = report.findings;
    const waiver = { until: "30d", reason: "agreed", report: undefined, dryRun: undefined };
    await run({ fingerprints: [fingerprint.slice(0, 8)], ...waiver }, quietContext(cwd));
    expect((await checkIn(cwd)).report.summary).toMatchObject({ errors: 0, waived: 1 });
  });

  test("--inconclusive warn shows an outage and lets the run pass; errors still fail it", async () => {
    const down = await projectWith(shop(await serveJson(() => ({ status: 503, body: {} }))));
    const { code, report } = await checkIn(down, { inconclusive: "warn" });
    expect({ code, inconclusive: report.summary.inconclusive }).toEqual({ code: 0, inconclusive: 1 });
    expect((await checkIn(await broken(), { inconclusive: "warn" })).code).toBe(1);
  });

  test("a check recorded as HAR replays without network and credentials, with the same findings", async () => {
    const manifest = "auth: { scheme: bearer, secret: api_key }\nsecrets: { api_key: { env: ACME_API_KEY } }";
    const cwd = await broken({ manifest, config: "secrets: { store: env }\n" });
    const credential = ["local", "credential"].join("-");
    const only = "probe,contract";
    const online = await checkIn(cwd, { harOut: "api.har", only }, { ACME_API_KEY: credential });
    expect(await readFile(join(cwd, "api.har"), "utf8")).not.toContain(credential);
    const first = await checkIn(cwd, { harIn: "api.har", only });
    const second = await checkIn(cwd, { harIn: "api.har", only });
    expect(first.code).toBe(online.code);
    expect(first.report.findings).toEqual(online.report.findings);
    expect(second.report.findings).toEqual(first.report.findings);
  });
});

const refused = finding({
  rule: "consumer/rejected",
  severity: "error",
  message: "m",
  integration: "acme",
  version: "v1",
  environment: "dev",
  endpoint: "get-thing",
  path: "$.email",
});

describe("integ waive", () => {
  /** A project whose last check found `refused`. */
  async function checked(config = "") {
    const report = buildReport({ command: "check", startedAt: 0, durationMs: 0, findings: [refused] });
    return projectWith({
      ...shop("http://127.0.0.1:9", { config }),
      ".integ/last-check.json": JSON.stringify(report),
    });
  }

  const waive = (cwd: string, fingerprint: string, options: Partial<WaiveOptions> = {}) => {
    const none = { until: undefined, reason: undefined, report: undefined, dryRun: undefined };
    return run({ ...none, ...options, fingerprints: [fingerprint] }, quietContext(cwd));
  };

  const enough = { until: "30d", reason: "known: #1" };

  test("puts a finding of the last check off: the next check passes and counts it as waived", async () => {
    const cwd = await broken({ config: "# ours\nenvironments: { dev: }\n" });
    const { report } = await checkIn(cwd);
    const result = await waive(cwd, report.findings[0].fingerprint.slice(0, 8), enough);
    expect(result.text?.({ style: plainStyle, columns: 80 })).toMatch(
      /^waived consumer\/rejected {2}acme@v1\/get-thing {2}\$\.email until \d{4}-/,
    );
    expect(await readFile(join(cwd, "integ.config.yaml"), "utf8")).toContain("# ours");
    const after = await checkIn(cwd);
    expect(after).toMatchObject({ code: 0, report: { summary: { errors: 0, waived: 1 } } });
  });

  test("adds to the waivers that are there, and what it writes is a valid configuration", async () => {
    const cwd = await checked("waivers:\n  - { rule: probe/flaky, reason: x, until: 2999-01-01 } # keep\n");
    await waive(cwd, refused.fingerprint, { until: "2998-12-31", reason: 'say "why": # now' });
    expect(await readFile(join(cwd, "integ.config.yaml"), "utf8")).toContain("# keep");
    const { config } = await loadProject({ cwd });
    expect(config.waivers).toMatchObject([
      { rule: "probe/flaky" },
      {
        rule: "consumer/rejected",
        target: "acme@v1/get-thing",
        path: "$.email",
        until: "2998-12-31",
        reason: 'say "why": # now',
      },
    ]);
  });

  test("what is waived already gets the new day and reason in its place", async () => {
    const cwd = await checked("waivers:\n  - { rule: probe/flaky, reason: x, until: 2999-01-01 } # keep\n");
    await waive(cwd, refused.fingerprint, { until: "2998-12-31", reason: "first" });
    await waive(cwd, refused.fingerprint, { until: "2999-12-31", reason: "second: longer" });
    const { config } = await loadProject({ cwd });
    expect(config.waivers.map(({ until, reason }) => [until, reason])).toEqual([
      ["2999-01-01", "x"],
      ["2999-12-31", "second: longer"],
    ]);
    expect(await readFile(join(cwd, "integ.config.yaml"), "utf8")).toContain("# keep");
  });

  test("--dry-run writes nothing", async () => {
    const cwd = await checked();
    const before = await readFile(join(cwd, "integ.config.yaml"), "utf8");
    const { text } = await waive(cwd, refused.fingerprint, { ...enough, dryRun: true });
    expect(text?.({ style: plainStyle, columns: 80 })).toContain("would waive");
    expect(await readFile(join(cwd, "integ.config.yaml"), "utf8")).toBe(before);
  });

  test("a finding whose path the configuration could not hold is refused, and nothing is written", async () => {
    const cwd = await checked();
    const findings = [{ ...refused, path: `$.${"a".repeat(500)}` }];
    const report = buildReport({ command: "check", startedAt: 0, durationMs: 0, findings });
    await writeFile(join(cwd, "long.json"), JSON.stringify(report));
    await expect(waive(cwd, refused.fingerprint, { ...enough, report: "long.json" })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("its path must have at most 500 characters"),
    });
    expect((await loadProject({ cwd })).config.waivers).toEqual([]);
  });

  test("reads a report of elsewhere", async () => {
    const cwd = await checked();
    await rename(join(cwd, ".integ/last-check.json"), join(cwd, "ci.json"));
    await waive(cwd, refused.fingerprint, { ...enough, report: "ci.json" });
    expect((await loadProject({ cwd })).config.waivers).toHaveLength(1);
  });

  test.each<[string, Partial<WaiveOptions>, string]>([
    ["ffffffff", enough, "holds no finding ffffffff"],
    ["", enough, "`` is too short for a fingerprint"],
    [refused.fingerprint.slice(0, 3), enough, "is too short for a fingerprint"],
    [refused.fingerprint, { ...enough, until: "soon" }, "neither a date nor a time"],
    [refused.fingerprint, { ...enough, until: "2027-02-30" }, "neither a date nor a time"],
    [refused.fingerprint, { ...enough, until: "2020-01-01" }, "is over already"],
    [refused.fingerprint, { until: "30d" }, "needs --reason"],
    [refused.fingerprint, { reason: "x" }, "needs --until"],
    [refused.fingerprint, { ...enough, reason: "a\nb" }, "--reason must be one line"],
    [refused.fingerprint, { ...enough, reason: "a".repeat(501) }, "--reason must have at most 500"],
    [refused.fingerprint, { ...enough, until: "99999999999d" }, "neither a date nor a time"],
    [refused.fingerprint, { ...enough, report: "package.json" }, "package.json is no report of integ"],
  ])("%s with %j is refused with a reason", async (fingerprint, options, message) => {
    const error: unknown = await waive(await checked(), fingerprint, options).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining(message) });
  });
});
