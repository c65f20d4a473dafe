import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { integ } from "../support/cli.ts";
import { projectWith, serveJson, shop } from "./project.ts";

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

  test("one without a file takes stdout", async () => {
    const cwd = await broken();
    const { stdout } = await integ(["check", "--reporter", "gitlab"], { cwd });
    expect(JSON.parse(stdout)[0]).toMatchObject({ check_name: "consumer/rejected" });
  });

  test.each([
    [["--reporter", "sarf"], "did you mean `sarif`?"],
    [["--reporter", "sarif", "--reporter", "junit"], "Only one reporter can write to stdout"],
    [["--reporter", "sarif="], "the file is missing"],
    [["--har-in", "a", "--har-out", "b"], "exclude each other"],
    [["--har-in", "nowhere.har"], "nowhere.har cannot be read"],
    [["--baseline", "nowhere.json"], "nowhere.json is no report"],
  ])("%j is wrong usage, said before anything is sent", async (args, message) => {
    const { code, stderr } = await integ(["check", ...args], { cwd: await broken() });
    expect({ code, said: stderr.includes(message) }, stderr).toEqual({ code: 2, said: true });
  });

  test("under GitHub Actions lines are annotated and the summary written; stdout is no source of commands", async () => {
    const cwd = await broken();
    const env = {
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: cwd,
      GITHUB_STEP_SUMMARY: join(cwd, "summary.md"),
      GITHUB_OUTPUT: join(cwd, "output"),
    };
    const { stdout, stderr } = await integ(["check"], { cwd, env });
    expect(stderr).toContain(
      "::error title=consumer/rejected,file=src/integrations/acme/v1/schemas.ts,line=5,col=3,",
    );
    const [stop, ...rest] = stdout.trimEnd().split("\n");
    expect(stop).toMatch(/^::stop-commands::[0-9a-f]{32}$/);
    expect(rest.at(-1)).toBe(`::${stop?.split("::")[2]}::`);
    expect(await readFile(env.GITHUB_STEP_SUMMARY, "utf8")).toContain("integ check");
    expect(await readFile(env.GITHUB_OUTPUT, "utf8")).toContain("errors=1\n");
    const quiet = await integ(["check", "--annotations", "never"], { cwd, env });
    expect(quiet.stderr).not.toContain("::error");
  });

  test("a baseline leaves what is new", async () => {
    const cwd = await broken();
    await integ(["check", "--reporter", "json=base.json"], { cwd });
    const { code, stdout } = await integ(["check", "--baseline", "base.json", "--json"], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ findings: [], baseline: { known: 2, gone: 0 } });
  });

  test("--inconclusive warn shows an outage and lets the run pass; errors still fail it", async () => {
    const down = await projectWith(shop(await serveJson(() => ({ status: 503, body: {} }))));
    const { code, stdout } = await integ(["check", "--inconclusive", "warn", "--json"], { cwd: down });
    expect({ code, inconclusive: JSON.parse(stdout).summary.inconclusive }).toEqual({
      code: 0,
      inconclusive: 1,
    });
    expect((await integ(["check", "--inconclusive", "warn"], { cwd: await broken() })).code).toBe(1);
  });

  test("a check recorded as HAR replays without network and credentials, with the same findings", async () => {
    const manifest = "auth: { scheme: bearer, secret: api_key }\nsecrets: { api_key: { env: ACME_API_KEY } }";
    const cwd = await broken({ manifest, config: "secrets: { store: env }\n" });
    const env = { ACME_API_KEY: "local" };
    const online = await integ(["check", "--har-out", "api.har", "--json", "--only", "probe,contract"], {
      cwd,
      env,
    });
    const manifestFile = join(cwd, "src/integrations/acme/integration.yaml");
    expect(await readFile(join(cwd, "api.har"), "utf8")).not.toContain('local"');
    const offline = () =>
      integ(["check", "--har-in", "api.har", "--json", "--only", "probe,contract"], { cwd });
    const [first, second] = [await offline(), await offline()];
    expect(first.code).toBe(online.code);
    const findings = (text: string) => JSON.parse(text).findings;
    expect(findings(first.stdout)).toEqual(findings(online.stdout));
    expect(findings(second.stdout)).toEqual(findings(first.stdout));
    expect(await readFile(manifestFile, "utf8")).toContain("acme");
  });
});

describe("integ waive", () => {
  const waive = (cwd: string, ...args: string[]) => integ(["waive", ...args], { cwd });
  const fingerprintIn = async (cwd: string) => {
    const { stdout } = await integ(["check", "--json"], { cwd });
    return String(JSON.parse(stdout).findings[0].fingerprint);
  };

  test("puts a finding of the last check off: the next check passes and counts it as waived", async () => {
    const cwd = await broken({ config: "# ours\nenvironments: { dev: }\n" });
    const fingerprint = await fingerprintIn(cwd);
    const { code, stdout, stderr } = await waive(
      cwd,
      fingerprint.slice(0, 8),
      "--until",
      "30d",
      "--reason",
      "known: #1",
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain("waived consumer/rejected  acme@v1/get-thing  $.email");
    const config = await readFile(join(cwd, "integ.config.yaml"), "utf8");
    expect(config).toContain("# ours");
    const after = await integ(["check", "--json"], { cwd });
    expect(after.code).toBe(0);
    expect(JSON.parse(after.stdout)).toMatchObject({ summary: { errors: 0, waived: 1 } });
  });

  test("adds to the waivers that are there", async () => {
    const waivers = "waivers:\n  - { rule: probe/flaky, reason: x, until: 2999-01-01 } # keep\n";
    const cwd = await broken({ config: waivers });
    await waive(cwd, await fingerprintIn(cwd), "--until", "2998-12-31", "--reason", "y");
    const config = await readFile(join(cwd, "integ.config.yaml"), "utf8");
    expect(config).toContain("probe/flaky");
    expect(config).toContain("# keep");
    expect(config).toContain("consumer/rejected");
    expect((await integ(["check"], { cwd })).code).toBe(0);
  });

  test("--dry-run writes nothing", async () => {
    const cwd = await broken();
    const fingerprint = await fingerprintIn(cwd);
    const before = await readFile(join(cwd, "integ.config.yaml"), "utf8");
    const { stdout } = await waive(cwd, fingerprint, "--until", "30d", "--reason", "x", "--dry-run");
    expect(stdout).toContain("would waive");
    expect(await readFile(join(cwd, "integ.config.yaml"), "utf8")).toBe(before);
  });

  test("reads a report of elsewhere", async () => {
    const cwd = await broken();
    const fingerprint = await fingerprintIn(cwd);
    await integ(["check", "--reporter", "json=ci.json"], { cwd });
    await rm(join(cwd, ".integ"), { recursive: true });
    expect(
      (await waive(cwd, fingerprint, "--until", "1d", "--reason", "x", "--report", "ci.json")).code,
    ).toBe(0);
  });

  test.each([
    [["ffffffff", "--until", "30d", "--reason", "x"], "holds no finding ffffffff"],
    [["FP", "--until", "soon", "--reason", "x"], "neither a date nor a time"],
    [["FP", "--until", "2027-02-30", "--reason", "x"], "neither a date nor a time"],
    [["FP", "--until", "2020-01-01", "--reason", "x"], "is over already"],
    [["FP", "--until", "30d"], "needs --reason"],
    [["FP", "--reason", "x"], "needs --until"],
  ])("%j is refused with a reason", async (args, message) => {
    const cwd = await broken();
    const fingerprint = await fingerprintIn(cwd);
    const { code, stderr } = await waive(cwd, ...args.map((arg) => (arg === "FP" ? fingerprint : arg)));
    expect({ code, said: stderr.includes(message) }, stderr).toEqual({ code: 2, said: true });
  });

  test("a file that is no report is said", async () => {
    const cwd = await broken();
    await writeFile(join(cwd, "x.json"), "{}");
    const { code, stderr } = await waive(cwd, "aa", "--until", "1d", "--reason", "x", "--report", "x.json");
    expect({ code, said: stderr.includes("x.json is no report of integ") }, stderr).toEqual({
      code: 2,
      said: true,
    });
  });
});
