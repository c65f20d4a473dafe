import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError, type Problem } from "../../src/base/errors.ts";
import { findConfigFile, loadProject } from "../../src/config/load.ts";
import type { Project } from "../../src/config/project.ts";
import { temporaryDirectory } from "../support/cli.ts";

const STRIPE = "src/integrations/stripe/integration.yaml";
const minimal = "name: stripe\nbaseUrl: https://api.stripe.com\n";

async function project(files: Record<string, string>): Promise<string> {
  const root = await temporaryDirectory();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return root;
}

const load = async (files: Record<string, string>): Promise<Project> =>
  loadProject({ cwd: await project(files) });

async function failure(files: Record<string, string>): Promise<ConfigError> {
  try {
    await load(files);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the project is fine");
}

const at = ({ location }: Problem) => `${location?.file}:${location?.line}:${location?.column}`;

/** The problems of one manifest, or of one configuration beside a minimal manifest. */
async function problemsOf(file: "config" | "manifest", text: string): Promise<readonly Problem[]> {
  const files =
    file === "config"
      ? { "integ.config.yaml": text, [STRIPE]: minimal }
      : { "integ.config.yaml": "environments: { dev: , prod: }\n", [STRIPE]: text };
  return (await failure(files)).problems;
}

describe("a valid project", () => {
  test("everything has a default", async () => {
    const { config, integrations, root } = await load({
      "integ.config.yaml": "",
      [STRIPE]: minimal,
      "package.json": '{"name":"@acme/shop"}',
    });
    expect(config).toEqual({
      project: "@acme/shop",
      integrations: "src/integrations",
      environments: [{ name: "dev", protected: false, store: "keychain" }],
      defaultEnvironment: "dev",
      secrets: {
        hashicorpVault: { mount: "secret", path: "integ/{project}/{environment}" },
        awsSecretsManager: { path: "integ/{project}/{environment}" },
        push: [],
      },
      quota: { reserve: 0.2 },
      rules: {},
      waivers: [],
      notify: { severity: "warning" },
      issues: { severity: "error", labels: ["integ"] },
    });
    expect(integrations).toEqual([
      {
        name: "stripe",
        purpose: "",
        owner: "",
        directory: join(root, "src/integrations/stripe"),
        manifestFile: join(root, STRIPE),
        baseUrl: { "*": "https://api.stripe.com" },
        auth: { scheme: "none" },
        secrets: [],
        active: "v1",
        versions: [{ name: "v1", headers: {}, directory: join(root, "src/integrations/stripe/v1") }],
        endpoints: [],
      },
    ]);
  });

  test("every key of both files arrives", async () => {
    const { config, integrations } = await load({
      "integ.config.yaml": `
project: shop
integrations: lib/apis
environments:
  prod: { protected: true, store: vault }
  dev:
defaultEnvironment: prod
secrets: { store: env, vaultFile: "secrets/{environment}.vault" }
quota: { reserve: 12.5% }
rules: { contract/property-added: off, contract/enum-value-added: error }
waivers:
  - { rule: contract/property-removed, target: acme-pay@v2/get-x, path: "$.a[*]", reason: known, until: 2027-02-28 }
`,
      "lib/apis/acme-pay/integration.yaml": `
name: acme-pay
provider: acme
purpose: Payments
owner: Team A
baseUrl: { dev: "http://127.0.0.1:8080/v1/", prod: https://api.acme.test }
auth: { scheme: basic, username: shop, passwordSecret: api_key }
deadlines: { dns: 1s, connect: 2s, tls: 3s, firstByte: 4s, download: 5s, total: 6s }
secrets:
  other:
  api_key:
    env: ACME_KEY
    rotateEvery: 90d
    pattern: { dev: "^test_", prod: "^live_" }
    rotation: { driver: manual, verify: get-x }
active: v2
versions:
  v10:
  v2: { headers: { Acme-Version: "2" } }
endpoints:
  post-x:
    request: POST   https://other.acme.test/x
    unsafe: true
    headers: { X-A: b }
    body: { a: [1] }
    expect: { status: [200, 201] }
  get-x:
    request: GET /x?limit=3
    expect: { status: 200 }
    consumer: Thing
    budget: { p95: 1.5s, errorRate: 0.5%, quotaRemaining: 20% }
`,
    });
    expect(config).toMatchObject({
      project: "shop",
      environments: [
        { name: "dev", protected: false, store: "env" },
        { name: "prod", protected: true, store: "vault" },
      ],
      defaultEnvironment: "prod",
      secrets: { vaultFile: "secrets/{environment}.vault" },
      quota: { reserve: 0.125 },
      rules: { "contract/enum-value-added": "error", "contract/property-added": "off" },
      waivers: [
        {
          rule: "contract/property-removed",
          target: "acme-pay@v2/get-x",
          path: "$.a[*]",
          reason: "known",
          until: "2027-02-28",
          location: { file: "integ.config.yaml", line: 12, column: 5 },
        },
      ],
    });
    expect(integrations).toMatchObject([
      {
        name: "acme-pay",
        provider: "acme",
        purpose: "Payments",
        owner: "Team A",
        auth: { scheme: "basic", username: "shop", passwordSecret: "api_key" },
        deadlines: {
          deadlineMs: 6000,
          phaseMs: { dns: 1000, connect: 2000, tls: 3000, ttfb: 4000, download: 5000 },
        },
        secrets: [
          {
            name: "api_key",
            env: "ACME_KEY",
            rotateEveryMs: 90 * 86_400_000,
            pattern: { dev: /^test_/, prod: /^live_/ },
            rotation: { driver: "manual", verify: "get-x" },
          },
          { name: "other", env: "ACME_PAY_OTHER", pattern: {}, rotation: { driver: "manual" } },
        ],
        active: "v2",
        versions: [{ name: "v2", headers: { "Acme-Version": "2" } }, { name: "v10" }],
        endpoints: [
          {
            name: "get-x",
            method: "GET",
            path: "/x?limit=3",
            unsafe: false,
            expect: { status: [200] },
            consumer: "Thing",
            budget: { p95: 1500, errorRate: 0.005, quotaRemaining: 0.2 },
            location: { line: 27, column: 3 },
          },
          {
            name: "post-x",
            method: "POST",
            path: "https://other.acme.test/x",
            unsafe: true,
            headers: { "X-A": "b" },
            body: { a: [1] },
            expect: { status: [200, 201] },
          },
        ],
      },
    ]);
  });

  test("a byte order mark, CRLF, anchors and merge-free aliases are fine", async () => {
    const { config } = await load({
      "integ.config.yaml":
        "\ufeffproject: &n shop\r\nenvironments: { dev: &e { protected: true }, prod: *e }\r\n",
    });
    expect(config.environments.map((environment) => environment.protected)).toEqual([true, true]);
  });

  test("the file is found upward, by --config, and manifests through links", async () => {
    const root = await project({
      "integ.config.yaml": "project: up",
      "a/b/c.txt": "",
      "elsewhere/stripe/integration.yaml": minimal,
      "other.yaml": "project: other",
    });
    await mkdir(join(root, "src/integrations"), { recursive: true });
    await symlink(join(root, "elsewhere/stripe"), join(root, "src/integrations/stripe"));
    expect(findConfigFile(join(root, "a/b"))).toBe(join(root, "integ.config.yaml"));
    expect((await loadProject({ cwd: join(root, "a/b") })).integrations.map(({ name }) => name)).toEqual([
      "stripe",
    ]);
    expect((await loadProject({ cwd: join(root, "a"), configFile: "../other.yaml" })).config.project).toBe(
      "other",
    );
  });
});

describe("no configuration", () => {
  test.each([
    [
      {},
      undefined,
      "There is no integ.config.yaml here or in a directory above",
      "make one with `integ init`",
    ],
    [
      { "integ.config.yml": "" },
      undefined,
      "There is no integ.config.yaml here or in a directory above",
      "rename integ.config.yml to integ.config.yaml",
    ],
    [{}, "x.yaml", "There is no configuration file x.yaml", expect.stringContaining("--config")],
  ])("%j %s", async (files, configFile, message, hint) => {
    const cwd = await project(files);
    await expect(loadProject({ cwd, configFile })).rejects.toMatchObject({
      code: "config/not-found",
      exitCode: 2,
      message,
      hint,
    });
  });
});

describe("every problem of every file, at its place", () => {
  test("all files are judged in one go, in order", async () => {
    const error = await failure({
      "integ.config.yaml": "projet: x\ndefaultEnvironment: prd\nenvironments: { prod: }\n",
      "src/integrations/acme/integration.yaml": 'name: acme\nbaseUrl: "https://a.test\n',
      [STRIPE]: "name: strip\nbaseUrl: https://a.test\nowner: 5\n",
    });
    expect(error.message).toBe("5 problems in 3 files");
    expect(error.problems.map((problem) => `${at(problem)} ${problem.code}`)).toEqual([
      "integ.config.yaml:1:1 config/unknown-key",
      "integ.config.yaml:2:21 config/reference",
      "src/integrations/acme/integration.yaml:2:10 config/syntax",
      `${STRIPE}:1:7 config/name`,
      `${STRIPE}:3:8 config/value`,
    ]);
  });

  test("names at a push target that reach nothing, or two of the same, stand where they are written", async () => {
    const root = await project({
      "integ.config.yaml": `project: shop
secrets:
  push:
    file:
      to: command
      environment: dev
      secrets: [stripe/one, stripe/two]
      as:
        stripe/one: KEY
        stripe/two: KEY
        stripe/three: OTHER
      command: [sh]
`,
      [STRIPE]: `${minimal}secrets: { one: , two: , three: }\n`,
    });
    await expect(loadProject({ cwd: root })).rejects.toMatchObject({
      problems: [
        { message: expect.stringContaining("would both be `KEY`"), location: { line: 10, column: 21 } },
        { message: expect.stringContaining("does not go to this target"), location: { line: 11, column: 9 } },
      ],
    });
  });

  test("files are named from where the user stands", async () => {
    const root = await project({ "integ.config.yaml": "a: 1", "src/x.ts": "" });
    await expect(loadProject({ cwd: join(root, "src") })).rejects.toMatchObject({
      problems: [{ location: { file: join("..", "integ.config.yaml"), line: 1 } }],
    });
  });

  test("an unknown key has a frame, the known keys and the closest one", async () => {
    const [problem] = await problemsOf(
      "manifest",
      `${minimal}endpoints:\n  a:\n    requets: GET /\n    request: GET /\n`,
    );
    expect(problem).toMatchObject({
      message: "Unknown key `requets` in `endpoints.a`",
      hint: "did you mean `request`?",
      known: ["body", "budget", "consumer", "expect", "headers", "price", "request", "unsafe"],
      frame: "  3 | endpoints:\n  4 |   a:\n> 5 |     requets: GET /\n    |     ^^^^^^^",
    });
  });

  test.each<["config" | "manifest", string, string, string]>([
    [
      "manifest",
      "name: stripe\n",
      "1:1",
      "Missing key `baseUrl`: it must be a text or a mapping (`key: value` lines)",
    ],
    [
      "manifest",
      "name: stripe\nbaseUrl: https://a.example\nprice: 2 dollars\n",
      "3:8",
      "`price` must be an amount and a currency, such as `0.002 USD`",
    ],
    ["manifest", "name: stripe\nbaseUrl: {}\n", "2:1", "`baseUrl` must name at least one environment"],
    [
      "manifest",
      "name: stripe\nbaseUrl: { dev: https://a.test, prd: https://a.test }\n",
      "2:33",
      "There is no environment `prd`",
    ],
    [
      "manifest",
      "name: stripe\nbaseUrl: https://user:pw@a.test\n",
      "2:10",
      "must be an http(s) URL without credentials",
    ],
    [
      "manifest",
      "name: stripe\nbaseUrl: https://a.test:99999\n",
      "2:10",
      "`https://a.test:99999` is not a URL",
    ],
    ["manifest", "name: stripe\nbaseUrl: ftp://a.test\n", "2:10", 'but is "ftp://a.test"'],
    [
      "manifest",
      "name: stripe\nbaseUrl: [a]\n",
      "2:10",
      "`baseUrl` must be a text or a mapping (`key: value` lines), but is a list",
    ],
    [
      "manifest",
      `${minimal}auth: bearer\n`,
      "3:7",
      '`auth` must be a mapping (`key: value` lines), but is "bearer"',
    ],
    [
      "manifest",
      `${minimal}auth: { scheme: baerer }\n`,
      "3:17",
      "`auth.scheme` must be one of `none`, `bearer`",
    ],
    [
      "manifest",
      `${minimal}auth: { secret: x }\nsecrets: { x: }\n`,
      "3:1",
      "Missing key `scheme` in `auth`: it must be one of `none`, `bearer`",
    ],
    [
      "manifest",
      `${minimal}auth: { scheme: bearer }\n`,
      "3:1",
      "Missing key `secret` in `auth`: it must be the name of a secret",
    ],
    [
      "manifest",
      `${minimal}auth: { scheme: bearer, secret: api_kye }\nsecrets: { api_key: }\n`,
      "3:33",
      "There is no secret `api_kye`",
    ],
    [
      "manifest",
      `${minimal}secrets: { a: { rotateEvery: 90 } }\n`,
      "3:30",
      "`secrets.a.rotateEvery` must be a duration with its unit, such as `800ms`, `30s`, `1h30m` or `90d`, but is 90",
    ],
    [
      "manifest",
      `${minimal}secrets: { a: { pattern: "(" } }\n`,
      "3:26",
      "`secrets.a.pattern` is not a regular expression: Unterminated group",
    ],
    [
      "manifest",
      `${minimal}secrets: { a: { pattern: { dev: "(a+)+$" } } }\n`,
      "3:33",
      "`secrets.a.pattern.dev` repeats a group that repeats something itself",
    ],
    [
      "manifest",
      `${minimal}secrets: { a: { pattern: { prd: "a" } } }\n`,
      "3:28",
      "There is no environment `prd`",
    ],
    [
      "manifest",
      `${minimal}secrets: { a: { rotation: { verify: ping } } }\n`,
      "3:37",
      "There is no endpoint `ping`",
    ],
    [
      "manifest",
      `${minimal}secrets: { a: { rotation: { driver: magic } } }\n`,
      "3:37",
      '`secrets.a.rotation.driver` must be one of `manual`, `command`, `http`, `webhook`, `oauth2` or `aws-iam`, but is "magic"',
    ],
    [
      "manifest",
      `${minimal}secrets: { a: { rotation: { driver: aws-iam, idSecret: b } } }\n`,
      "3:56",
      "There is no secret `b`",
    ],
    [
      "manifest",
      `${minimal}secrets: { a: { rotation: { driver: webhook, create: { request: POST /x, value: $.v, with: { a: $.id } } } } }\n`,
      "3:94",
      "There is no other secret `a`",
    ],
    [
      "manifest",
      `${minimal}secrets: { a: { rotation: { driver: oauth2 } } }\n`,
      "3:37",
      "The driver `oauth2` needs `auth: { scheme: oauth2-refresh, refreshTokenSecret: a",
    ],
    [
      "manifest",
      `${minimal}secrets: { a: { rotation: { driver: http, create: { request: POST /x, value: $.v } } } }\n`,
      "3:37",
      "Missing key `revoke`: the driver cannot work without it",
    ],
    [
      "manifest",
      `${minimal}secrets: { A-B: }\n`,
      "3:12",
      "The key `secrets.A-B` must be the name of a secret",
    ],
    ["manifest", `${minimal}active: v2\n`, "3:9", "There is no version `v2`"],
    [
      "manifest",
      `${minimal}versions: { v1: , v2: }\n`,
      "3:1",
      "Missing key `active`: with several versions it must name one",
    ],
    [
      "manifest",
      `${minimal}versions: { one: }\n`,
      "3:13",
      "The key `versions.one` must be a version such as `v1`",
    ],
    [
      "manifest",
      `${minimal}versions: { v1: { headers: { A: 2024 } } }\n`,
      "3:33",
      "must be a text in one line; put numbers in quotes, but is 2024",
    ],
    [
      "manifest",
      `${minimal}endpoints: { a: { request: get /x } }\n`,
      "3:28",
      "must be a method and a path, such as `GET /v1/customers?limit=3`",
    ],
    [
      "manifest",
      `${minimal}endpoints: { a: { request: GET https://a.test:99999/ } }\n`,
      "3:28",
      "`https://a.test:99999/` is not a URL",
    ],
    [
      "manifest",
      `${minimal}endpoints: { a: { request: GET /, expect: { status: 99 } } }\n`,
      "3:53",
      "must be an HTTP status from 100 to 599, but is 99",
    ],
    [
      "manifest",
      `${minimal}endpoints: { a: { request: GET /, expect: { status: [200, 700] } } }\n`,
      "3:59",
      "`endpoints.a.expect.status[1]` must be an HTTP status from 100 to 599, but is 700",
    ],
    [
      "manifest",
      `${minimal}endpoints: { a: { request: GET /, budget: { errorRate: 1 } } }\n`,
      "3:56",
      "must be a percentage from `0%` to `100%`, such as `20%`, but is 1",
    ],
    [
      "manifest",
      `${minimal}endpoints: { a: { request: GET /, unsafe: "yes" } }\n`,
      "3:43",
      'must be `true` or `false`, but is "yes"',
    ],
    [
      "manifest",
      `${minimal}endpoints: [a]\n`,
      "3:12",
      "`endpoints` must be a mapping (`key: value` lines), but is a list",
    ],
    [
      "config",
      `project: shop\nsecrets: { push: { x: { to: command, environment: prd, secrets: [stripe], command: [a] } } }\n`,
      "2:51",
      "There is no environment `prd`",
    ],
    [
      "config",
      `project: shop\nsecrets: { push: { x: { to: command, environment: dev, secrets: [strpe], command: [a] } } }\n`,
      "2:66",
      "There is no secret `strpe`",
    ],
    [
      "config",
      `project: shop\nsecrets: { push: { x: { to: command, environment: dev, secrets: [stripe], as: { other/key: A }, command: [a] } } }\n`,
      "2:81",
      "There is no secret `other/key`",
    ],
    [
      "config",
      "project: shop\nsecrets: { push: { x: { to: githb, environment: dev, secrets: [stripe] } } }\n",
      "2:29",
      "`secrets.push.x.to` must be",
    ],
    [
      "config",
      "project: shop\nsecrets: { push: { x: { to: github, environment: dev, secrets: [stripe], repository: shop } } }\n",
      "2:86",
      "must be owner and name of a repository",
    ],
    [
      "config",
      "project: shop\nsecrets: { push: { x: { to: aws-secrets-manager, environment: dev, secrets: [stripe], name: a, whole: true } } }\n",
      "2:103",
      "`whole` is for a target of exactly one secret",
    ],
    ["config", "project: 5\n", "1:10", "`project` must be a text, but is 5"],
    ["config", "- a\n", "1:1", "The file must be a mapping (`key: value` lines), but is a list"],
    [
      "config",
      "environments: { dev: { store: keychian } }\n",
      "1:31",
      'must be one of `keychain`, `vault`, `env`, `hashicorp-vault` or `aws-secrets-manager`, but is "keychian"',
    ],
    ["config", "integrations: /abs\n", "1:15", "must be a relative path"],
    [
      "config",
      "rules: { property-removed: off }\n",
      "1:10",
      "The key `rules.property-removed` must be the id of a rule",
    ],
    [
      "config",
      "rules: { a/b: loud }\n",
      "1:15",
      "must be one of `error`, `warning`, `info`, `inconclusive` or `off`",
    ],
    [
      "config",
      "waivers: [{ rule: a/b, reason: x, until: 2027-02-29 }]\n",
      "1:42",
      "must be a date such as `2027-03-31`",
    ],
    [
      "config",
      "waivers: [{ rule: a/b, reason: x, until: 2027-02-28, target: strip }]\n",
      "1:62",
      "There is no integration `strip`",
    ],
    [
      "config",
      "waivers: [{ rule: a/b, reason: x, until: 2027-02-28, target: stripe@v3 }]\n",
      "1:62",
      "There is no version `v3`",
    ],
    [
      "config",
      "waivers: [{ rule: a/b, reason: x, until: 2027-02-28, target: stripe/x }]\n",
      "1:62",
      "There is no endpoint `x`",
    ],
    [
      "config",
      "waivers: [{ rule: a/b, reason: x, until: 2027-02-28, target: a b }]\n",
      "1:62",
      "`a b` is not a target such as",
    ],
    [
      "config",
      "secrets: { store: vault, vaultFile: one.vault }\nenvironments: { dev: , prod: }\n",
      "1:37",
      "must hold `{environment}`",
    ],
  ])("%s %j", async (file, text, place, message) => {
    const problems = await problemsOf(file, text);
    const [problem] = problems;
    expect(problems.map((one) => one.message)).toHaveLength(1);
    expect(problem?.message).toContain(message);
    expect(problem && at(problem)).toBe(`${file === "config" ? "integ.config.yaml" : STRIPE}:${place}`);
  });
});

describe("a credential in plain sight is reported and not repeated", () => {
  const value = ["sk", "test", "1234567890"].join("_");

  test.each([
    `${minimal}auth: { scheme: bearer, secret: "${value}-" }\n`,
    `${minimal}auth: { scheme: bearer, secret: ${value} }\n`,
    `${minimal}endpoints: { a: { request: GET /, headers: { authorization: "Bearer ${value}" } } }\n`,
    `${minimal}versions: { v1: { headers: { Cookie: ${value} } } }\n`,
    `${minimal}secrets: { a: { env: ${value}- } }\n`,
  ])("%#", async (text) => {
    const problems = await problemsOf("manifest", text);
    expect(problems.length).toBeGreaterThan(0);
    const shown = problems.flatMap(({ message, frame, hint }) => [message, frame, hint]).join("\n");
    expect(shown).not.toContain("1234567890");
  });
});

describe("hostile and broken YAML is a located problem", () => {
  const bomb = [
    "a: &a [x,x,x,x,x,x,x,x,x]",
    ..."bcdefgh".split("").map((c, i) => `${c}: &${c} [${Array(9).fill(`*${"abcdefgh"[i]}`).join(",")}]`),
  ].join("\n");

  test.each([
    [
      "a quote that is not closed",
      'project: "x\nquota:\n',
      "1:10",
      "the quote that opens here is never closed",
    ],
    ["a tab", "quota:\n\treserve: 1%\n", "2:1", "Tabs are not allowed as indentation"],
    ["a colon in a text", "project: a: b\n", "1:10", "Nested mappings are not allowed"],
    ["a key twice", "project: a\nproject: b\n", "2:1", "This key is there twice"],
    ["two documents", "project: a\n---\nproject: b\n", "2:1", "one YAML document only"],
    ["a tag", "project: !!js/function a\n", "1:10", "YAML tags"],
    ["an unknown alias", "project: *a\n", "1:10", "The anchor `&a` is not set before this"],
    ["a cycle", "rules: &a { x: *a }\n", "1:16", "`*a` holds itself"],
    ["a key that is a list", "? [a]\n: b\n", "1:3", "A key must be a plain text"],
    ["__proto__", "__proto__: { polluted: true }\n", "1:1", "`__proto__` cannot be a key"],
    ["an alias bomb", bomb, "1:1", "The aliases (`*…`) expand to too much"],
    ["deep nesting", "[".repeat(20_000), "1:1", "The file is nested too deeply"],
    ["a huge file", `# ${"x".repeat(1_000_001)}`, "1:1", "The file is larger than 1,000,000 characters"],
  ])("%s", async (_, text, place, message) => {
    const problems = (await failure({ "integ.config.yaml": text })).problems;
    const found = problems.find((problem) => problem.message.includes(message));
    expect(problems.map((problem) => problem.message)).toEqual(
      expect.arrayContaining([expect.stringContaining(message)]),
    );
    expect(found && at(found)).toBe(`integ.config.yaml:${place}`);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test("control characters of the file never reach the screen", async () => {
    const [, problem] = await problemsOf(
      "config",
      'projekt: "\\e[2J"\n# \u001b]0;x\u0007\u202e\nprojekt2: "\u001b[31m"\n',
    );
    expect(problem?.frame).toContain("x07");
    expect(problem?.frame?.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test("a long line is cut around the place", async () => {
    const [problem] = await problemsOf(
      "config",
      `{ project: x, ${" ".repeat(5000)}projet: ${"y".repeat(5000)} }\n`,
    );
    const [line, marker] = (problem?.frame ?? "").split("\n");
    expect(line?.length).toBeLessThan(120);
    expect(line?.slice(marker?.indexOf("^")).startsWith("projet")).toBe(true);
  });
});
