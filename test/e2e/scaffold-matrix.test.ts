import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { PARTS } from "../../src/scaffold/answers.ts";
import { TEST_RUNNERS } from "../../src/scaffold/emit/assertions.ts";
import { requirePreset } from "../../src/scaffold/preset.ts";
import { presetNames } from "../../src/scaffold/templates.ts";
import { run } from "../support/cli.ts";
import { freshProject, lint, readProjectFile, runTests, typeCheck } from "../support/fresh-project.ts";
import { integInProcess } from "../support/in-process.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** Every subset of the parts that a module can have, the empty one included. */
const SUBSETS = Array.from({ length: 2 ** PARTS.length }, (_, bits) =>
  PARTS.filter((_part, index) => (bits >> index) % 2 === 1),
);

const AUTHS = [
  "bearer",
  "header:X-Api-Key",
  "query:key",
  "basic",
  "none",
  "oauth2:https://auth.example.com/oauth/token",
  "oauth2-refresh:/oauth/token",
  "aws-sigv4:eu-central-1/execute-api",
  "hmac:X-Signature",
  "http-signature",
];

/** Long names and paths, placeholders, a query, a write: what lines have to be broken for. */
const ENDPOINTS = [
  "get-thing=GET /things/{thing-id=1}?fields=all",
  "list-things-with-a-very-long-name-indeed=GET /things/with/a/rather/long/path/that/goes/on/and/on",
  "create-thing=POST /things",
  "replace-part-of-a-thing-with-a-long-name=PUT /things/{thing-id=1}/parts/{part-id=2}",
];

/** Any other API: each subset of parts with each runner, the ways to authenticate in turn. */
const VARIANTS = TEST_RUNNERS.flatMap((runner, group) =>
  SUBSETS.map((parts, index) => [
    `${runner}-${parts.map((part) => part.charAt(0)).join("") || "plain"}`,
    ...["--base-url", "https://api.example.com/base", "--test-runner", runner],
    ...["--auth", AUTHS[(group * SUBSETS.length + index) % AUTHS.length] ?? "none"],
    ...ENDPOINTS.flatMap((endpoint) => ["--endpoint", endpoint]),
    ...(parts.length === 0 ? [] : ["--with", parts.join(",")]),
  ]),
);

/** Every preset with everything that it can have: only answers to GET can be kept. */
const PRESETS = presetNames().map((name) => {
  const { endpoints, variables = {} } = requirePreset(name);
  const reads = Object.values(endpoints).some(({ request }) => request.startsWith("GET "));
  const parts = PARTS.filter((part) => part !== "cache" || reads);
  const settings = Object.keys(variables).flatMap((variable) => ["--set", `${variable}=acme`]);
  return [name, "--with", parts.join(","), ...settings];
});

/** Parameters of every kind, with names that make lines long and names that are no identifiers. */
function parameterDocument(): unknown {
  const long = "a_parameter_with_a_rather_long_name_indeed";
  const list = (items: unknown) => ({ type: "array", items });
  const query = (name: string, schema: unknown, more = {}) => ({ name, in: "query", schema, ...more });
  const text = { type: "string" };
  const parameters = [
    query("account", text, { required: true }),
    query("from-date", { type: "string", format: "date" }, { required: true }),
    query(long, list(text), { required: true, explode: false }),
    query("ids", list({ type: "integer" }), { required: true, explode: false, example: [1, 2] }),
    query("state", { type: "string", enum: ["open", "shut"] }, { required: true }),
    query("tags", list({ type: "string", enum: ["a", "b"] }), { style: "pipeDelimited", explode: false }),
    query(`${long}-2`, list(text), { explode: false }),
    query("expand", list(text), { style: "deepObject", explode: true }),
    query("created", { type: "object", properties: { gt: { type: "integer" } } }, { style: "deepObject" }),
    query("anything", {}),
    { name: "X-Account", in: "header", required: true, schema: text },
    { name: "X-Trace", in: "header", schema: text },
  ];
  const responses = {
    200: { description: "", content: { "application/json": { schema: { type: "object" } } } },
  };
  return {
    openapi: "3.1.0",
    info: { title: "Parameters", version: "1" },
    paths: {
      "/things": { get: { operationId: "listThings", parameters, responses } },
      "/things/{thing-id}/parts": {
        parameters: [{ name: "thing-id", in: "path", required: true, schema: text }],
        post: {
          operationId: "createThing",
          parameters,
          requestBody: { content: { "application/x-www-form-urlencoded": {} } },
          responses,
        },
        put: {
          operationId: "replaceThing",
          requestBody: { required: true, content: { "text/csv": {} } },
          responses,
        },
        get: {
          operationId: "listPartsOfAThingWithARatherLongNameToo",
          parameters: [query("account", text, { required: true })],
          responses,
        },
      },
    },
  };
}
const PARAMETERS = [
  ...["--from", "parameters.json", "--base-url", "https://api.example.com", "--with", PARTS.join(",")],
  ...["GET /things", "createThing", "replaceThing", "GET /things/{thing-id}/parts"].flatMap((text) => [
    "--operations",
    text,
  ]),
];

/** A document all of whose texts want to be code. */
function hostileDocument(): unknown {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that it stays a text is the point
  const evil = '*/ }`${process.exit(7)}"; process.exit(7); //\n\u2028';
  const schema = {
    type: "object",
    required: ["__proto__", evil, "constructor"],
    description: evil,
    properties: Object.fromEntries(
      ["__proto__", "constructor", "toString", "class", evil, "a'b", 'a"b'].map((name) => [
        name,
        { type: "string", enum: [evil, "ok"], description: evil },
      ]),
    ),
  };
  const responses = { 200: { description: evil, content: { "application/json": { schema } } } };
  return {
    openapi: "3.1.0",
    info: { title: evil, version: "1" },
    paths: {
      "/evil/{a}": { get: { operationId: evil, summary: evil, responses } },
      "/constructor": { get: { operationId: "constructor", responses } },
      "/`${1}`": { get: { operationId: "ticks", responses } },
      "/class": { post: { operationId: "class", responses } },
      "/nothing": { delete: { operationId: "delete", responses: { 204: { description: "" } } } },
    },
  };
}
const HOSTILE = [
  "evil",
  ...["--from", "api.json", "--base-url", "https://api.example.com", "--with", PARTS.join(",")],
  ...["GET /evil/{a}", "constructor", "ticks", "class", "delete"].flatMap((text) => ["--operations", text]),
];

describe("every preset, every variant and a hostile document, scaffolded into one fresh project", () => {
  let root = "";
  beforeAll(async () => {
    root = await freshProject(undefined, afterAll);
    await writeFile(join(root, "api.json"), JSON.stringify(hostileDocument()));
    await writeFile(join(root, "parameters.json"), JSON.stringify(parameterDocument()));
    const parameters = [
      ["parameters", ...PARAMETERS],
      ["node-parameters", "--test-runner", "node", ...PARAMETERS],
    ];
    for (const args of [...PRESETS, ...VARIANTS, HOSTILE, ...parameters]) {
      const done = await integInProcess(["scaffold", ...args], { cwd: root });
      expect(done, `${args[0]}\n${done.stderr}`).toMatchObject({ code: 0 });
    }
  });

  test("have nothing to upgrade", async () => {
    const upgraded = await integInProcess(["upgrade", "--force"], { cwd: root });
    expect(upgraded.stdout).toBe("everything is up to date\n");
  });

  test("have as jobs what writes: no read by POST is tried only once, and no key of a webhook is asked for later", async () => {
    const queue = await readProjectFile(root, "src/integrations/plaid/v1/queue.ts");
    expect(queue).not.toMatch(/attempts: 1|verification-key/);
    expect(await readProjectFile(root, "src/integrations/evil/v1/queue.ts")).toContain("attempts: 1");
  });

  test("are formatted as Biome and Prettier format, and break no lint rule of this repository", async () => {
    const verdict = await lint(root, "src/integrations/evil/**");
    expect(verdict, verdict.stdout + verdict.stderr).toMatchObject({ code: 0 });
  });

  test("type-check under strict, and pass their own tests with vitest and node:test", async () => {
    const types = await typeCheck(root, ["--noEmit", "false", "--rootDir", "src", "--outDir", "out"]);
    expect(types).toMatchObject({ code: 0, stdout: "" });
    const withVitest = await runTests(root, ["--dir", "src", "--exclude", "**/node-*/**"]);
    expect(withVitest, withVitest.stdout + withVitest.stderr).toMatchObject({ code: 0 });
    const compiled = await readdir(join(root, "out/integrations"), { recursive: true });
    const files = compiled.filter((file) => /^node-.*\.test\.js$/.test(file));
    // In one process that keeps what it has imported, each file as a suite, so that its hooks are its own.
    const imports = files.map(
      (file) => `describe("${file}", async () => void (await import("./${file}")));\n`,
    );
    const all = join(root, "out/integrations/all.js");
    await writeFile(all, `import { describe } from "node:test";\n${imports.join("")}`);
    const withNode = await run(process.execPath, ["--test", "--test-reporter=tap", all], {
      cwd: root,
      timeout: 120_000,
    });
    expect(withNode, withNode.stdout).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^# suites 19\n# pass \d+\n# fail 0$/m),
    });
    // Each file of ours is there: nine clients, five queues, five webhooks.
    expect(files).toHaveLength(19);
  });
});
