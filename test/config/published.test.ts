import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { publishedSchemas } from "../../src/config/published.ts";
import { configSchema } from "../../src/config/schema/config.ts";
import { manifestSchema } from "../../src/config/schema/manifest.ts";

describe.each(publishedSchemas())("$file", ({ file, content }) => {
  test("is what `npm run generate` makes of the schemas that validate", () => {
    expect(readFileSync(file, "utf8")).toBe(content);
  });

  test("says of every key what it is for", () => {
    const silent: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== "object" || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === "properties")
          for (const [name, schema] of Object.entries<object>(value))
            if (!("description" in schema)) silent.push(`${path}/${name}`);
        walk(value, `${path}/${key}`);
      }
    };
    walk(JSON.parse(content), "");
    expect(silent).toEqual([]);
  });
});

const ajv = new Ajv({ strict: true, formats: { regex: true, date: true } });
const [config, manifest] = publishedSchemas().map(({ content }) => ajv.compile(JSON.parse(content)));

const base = "name: stripe\nbaseUrl: https://a.test\n";

describe("editors and integ agree on", () => {
  test.each([
    ["", true],
    ["project: x", true],
    ["project: ''", false],
    ["project: 5", false],
    ["projet: x", false],
    ["integrations: ../x/y", true],
    ["integrations: /x", false],
    ["integrations: C:/x", false],
    ["environments: { dev: , prod: { protected: true, store: env } }", true],
    ["environments: ", true],
    ["environments: { a b: }", false],
    ["environments: { dev: { store: s3 } }", false],
    ["environments: { dev: { protect: true } }", false],
    ["environments: [dev]", false],
    ["secrets: { store: vault, vaultFile: a/b.vault }", true],
    ["secrets: { hashicorpVault: { address: 'https://vault.test:8200', mount: kv/team } }", true],
    ["secrets: { hashicorpVault: { address: vault.test } }", false],
    ["secrets: { hashicorpVault: { path: ../other } }", false],
    ["secrets: { awsSecretsManager: { name: 'apps/{project}', region: eu-central-1 } }", true],
    ["quota: { reserve: 0% }", true],
    ["quota: { reserve: 100% }", true],
    ["quota: { reserve: 100.5% }", false],
    ["quota: { reserve: 101% }", false],
    ["quota: { reserve: 0.2 }", false],
    ["rules: { a/b-c: off, d/e: inconclusive }", true],
    ["rules: { a: off }", false],
    ["rules: { a/b: true }", false],
    ["waivers: [{ rule: a/b, reason: x, until: 2027-01-01 }]", true],
    ["waivers: [{ rule: a/b, reason: x, until: 2027-02-30 }]", false],
    ["waivers: [{ rule: a/b, reason: x, until: 2028-02-29 }]", true],
    ["waivers: [{ rule: a/b, until: 2027-01-01 }]", false],
    ["waivers: [{ rule: a/b, reason: x }]", false],
    ["waivers: {}", false],
  ])("integ.config.yaml: %s", (text, good) => {
    const document: unknown = parse(text) ?? {};
    expect({ zod: configSchema.safeParse(document).success, ajv: config?.(document) }).toEqual({
      zod: good,
      ajv: good,
    });
  });

  test.each([
    ["", true],
    ["extra: 1", false],
    ["purpose: Payments\nowner: Team", true],
    ['purpose: "a\\nb"', false],
    ["provider: Stripe", false],
    ["auth: { scheme: none }", true],
    ["auth: { scheme: bearer, secret: api_key }", true],
    ["auth: { scheme: bearer }", false],
    ["auth: { scheme: bearer, secret: Api-Key }", false],
    ["auth: { scheme: bearer, secret: a, header: x }", false],
    ["auth: { scheme: header, header: X-Api-Key, prefix: 'Token ', secret: a }", true],
    ["auth: { scheme: header, header: 'X Key', secret: a }", false],
    ["auth: { scheme: query, parameter: key, secret: a }", true],
    ["auth: { scheme: basic }", true],
    ["auth: { scheme: basic, usernameSecret: a, passwordSecret: b }", true],
    ["auth: { scheme: magic }", false],
    ["secrets: { a: , b_2: { env: A_B, rotateEvery: 90d, pattern: x, rotation: { driver: manual } } }", true],
    ["secrets: { a: { env: A-B } }", false],
    ["secrets: { a: { rotateEvery: 1h30m } }", true],
    ["secrets: { a: { rotateEvery: 90 days } }", false],
    ["secrets: { a: { pattern: { dev: x } } }", true],
    ["secrets: { a: { pattern: [x] } }", false],
    ["secrets: { A: }", false],
    ["active: v1", true],
    ["active: 1", false],
    ["versions: { v1: , v12: { headers: { A: b } } }", true],
    ["versions: { v0: }", false],
    ["versions: { v1: { headers: { A: 1 } } }", false],
    ["endpoints: { get-x: { request: GET /x } }", true],
    ["endpoints: { get-x: { request: GET https://b.test/x?y=z } }", true],
    ["endpoints: { get-x: { request: GET x } }", false],
    ["endpoints: { get-x: { request: get /x } }", false],
    ["endpoints: { get-x: { request: GET /x y } }", false],
    ["endpoints: { get-x: {} }", false],
    ["endpoints: { get-x: }", false],
    ["endpoints: { getX: { request: GET /x } }", false],
    ["endpoints: { x: { request: POST /x, unsafe: true, body: [1, { a: b }] } }", true],
    ["endpoints: { x: { request: GET /, expect: { status: 200 } } }", true],
    ["endpoints: { x: { request: GET /, expect: { status: [200, 404] } } }", true],
    ["endpoints: { x: { request: GET /, expect: { status: [] } } }", false],
    ["endpoints: { x: { request: GET /, expect: { status: 600 } } }", false],
    ["endpoints: { x: { request: GET /, expect: { status: 200.5 } } }", false],
    ["endpoints: { x: { request: GET /, consumer: Balance } }", true],
    ["endpoints: { x: { request: GET /, consumer: a.b } }", false],
    [
      "endpoints: { x: { request: GET /, budget: { p95: 800ms, errorRate: 1%, quotaRemaining: 20% } } }",
      true,
    ],
    ["endpoints: { x: { request: GET /, budget: { p95: 800 } } }", false],
  ])("integration.yaml: %s", (text, good) => {
    const document: unknown = parse(base + text);
    expect({ zod: manifestSchema.safeParse(document).success, ajv: manifest?.(document) }).toEqual({
      zod: good,
      ajv: good,
    });
  });
});
