import { describe, expect, test } from "vitest";
import type { CheckCommandOptions } from "../../src/commands/check/options.ts";
import { integInProcess as integ } from "../support/in-process.ts";
import { checkIn, projectWith, serve, serveJson, shop } from "./project.ts";

async function check(files: Record<string, string>, args: readonly string[] = []) {
  const cwd = await projectWith(files);
  const text = await integ(["check", ...args], { cwd });
  return text;
}

async function report(files: Record<string, string>, options: Partial<CheckCommandOptions> = {}) {
  const { code, report: found } = await checkIn(await projectWith(files), options);
  return { code, ...found };
}

const thing = { id: "1", email: "e@x.y" };

describe("integ check", () => {
  test("names the line of our schema that breaks on what the API returns now", async () => {
    const url = await serveJson(() => ({ body: { id: "1" } }));
    const { code, stdout, stderr } = await check(shop(url));
    expect(code).toBe(1);
    expect(stdout).toContain("src/integrations/acme/v1/schemas.ts:5:3");
    expect(stdout).toContain("> 5 |   email: z.string(),");
    expect(stdout).toContain("1 error");
    expect(stderr).not.toContain("checked 1 of 1");
  });

  test("gives the same as one JSON document", async () => {
    const url = await serveJson(() => ({ body: { id: "1" } }));
    const { code, stdout } = await check(shop(url), ["--json"]);
    const found = { code, ...JSON.parse(stdout) };
    expect(found).toMatchObject({
      code: 1,
      report: "integ/1",
      command: "check",
      summary: { errors: 1, infos: 0 },
      endpoints: [
        { integration: "acme", version: "v1", endpoint: "get-thing", state: "checked", status: 200 },
      ],
    });
    expect(found.findings).toMatchObject([
      {
        rule: "consumer/rejected",
        severity: "error",
        path: "$.email",
        before: "string",
        after: "absent",
        location: { file: "src/integrations/acme/v1/schemas.ts", line: 5, column: 3 },
      },
    ]);
  });

  test("passes quietly when all is well", async () => {
    const url = await serveJson(() => ({ body: thing }));
    expect(await report(shop(url))).toMatchObject({ code: 0, summary: { errors: 0, warnings: 0 } });
  });

  test("an endpoint without a contract is inconclusive: a gate that compares with nothing is not green", async () => {
    const url = await serveJson(() => ({ body: thing }));
    const found = await report(shop(url, { config: "rules: {}\n" }));
    expect(found.code).toBe(3);
    expect(found.findings).toMatchObject([{ rule: "contract/not-recorded", severity: "inconclusive" }]);
  });

  test("an integration that is lost while the lock knows it is an error, where everything is checked", async () => {
    const url = await serveJson(() => ({ body: thing }));
    const manifest = "src/integrations/gone/integration.yaml";
    const modules = {
      acme: { integ: "1.0.0", versions: {}, files: {} },
      gone: { integ: "1.0.0", versions: {}, files: { [manifest]: "00" } },
    };
    const lock = JSON.stringify({ lock: 1, modules }, undefined, 2);
    const files = { ...shop(url), "integ.lock.json": `${lock}\n` };
    const found = await report(files);
    expect(found.code).toBe(1);
    expect(found.findings).toMatchObject([
      {
        rule: "config/integration-missing",
        severity: "error",
        integration: "gone",
        message: expect.stringContaining(manifest),
        help: expect.stringContaining("integ.lock.json"),
        location: { file: "integ.lock.json", line: lock.split("\n").indexOf('    "gone": {') + 1 },
      },
    ]);
    expect((await report(files, { targets: ["acme"] })).findings).toEqual([]);
    expect((await report(files, { only: "probe" })).findings).toEqual([]);
  });

  test.each([
    [500, 3, "probe/server-error", "inconclusive"],
    [503, 3, "probe/server-error", "inconclusive"],
    [429, 3, "probe/throttled", "inconclusive"],
    [403, 3, "probe/forbidden", "inconclusive"],
    [402, 3, "probe/forbidden", "inconclusive"],
    [404, 3, "probe/not-found", "inconclusive"],
    [422, 3, "probe/client-error", "inconclusive"],
    [401, 1, "probe/unauthorized", "error"],
    [410, 1, "probe/gone", "error"],
  ])("status %i gives exit code %i: %s", async (status, code, rule, severity) => {
    const url = await serveJson(() => ({ status, body: { error: "no" } }));
    const found = await report(shop(url), { only: "contract" });
    expect(found.code).toBe(code);
    expect(found.findings).toMatchObject([{ rule, severity }]);
  });

  test("an outage beside a real break does not hide it, and a break beside an outage keeps code 1", async () => {
    const url = await serveJson((path) =>
      path === "/down" ? { status: 503, body: {} } : { body: { id: 1 } },
    );
    const files = shop(url, { manifest: "  down: { request: GET /down }" });
    const found = await report(files);
    expect(found.code).toBe(1);
    expect(found.summary).toMatchObject({ errors: 2, inconclusive: 1 });
  });

  test.each([
    ["HTML instead of JSON", "probe/html", "text/html", "<html><body>sign in</body></html>"],
    ["JSON cut in the middle", "probe/invalid-json", "application/json", '{"id": "1", "em'],
  ])("%s is inconclusive, not breaking", async (_, rule, type, body) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { "content-type": type });
      response.end(body);
    });
    const found = await report(shop(url), { only: "probe,contract" });
    expect(found.code).toBe(3);
    expect(found.findings[0]).toMatchObject({ rule, severity: "inconclusive" });
  });

  test("an endpoint that answers when asked again is checked, and said to be flaky", async () => {
    let asked = 0;
    const url = await serveJson(() => (asked++ === 0 ? { status: 502, body: {} } : { body: thing }));
    const found = await report(shop(url));
    expect(found.code).toBe(0);
    expect(found.findings).toContainEqual(expect.objectContaining({ rule: "probe/flaky", severity: "info" }));
  });

  test("an unreachable host is inconclusive", async () => {
    const found = await report(shop("http://127.0.0.1:9"), { only: "probe" });
    expect(found.code).toBe(3);
    expect(found.findings[0]).toMatchObject({ rule: "probe/refused", severity: "inconclusive" });
  });

  test("a missing secret is one finding for all endpoints that need it, and nothing is sent", async () => {
    let asked = 0;
    const url = await serveJson(() => {
      asked++;
      return { body: thing };
    });
    const manifest = [
      "  other: { request: GET /other }",
      "auth: { scheme: bearer, secret: api_key }",
      "secrets: { api_key: { env: ACME_API_KEY } }",
    ].join("\n");
    const found = await report(shop(url, { manifest, config: "secrets: { store: env }\n" }));
    expect(found.code).toBe(1);
    expect(found.findings.map((one: { rule: string }) => one.rule)).toEqual(["secret/missing"]);
    expect(asked).toBe(0);
  });

  test("a waiver in force takes the finding out of the exit code; an expired one is said", async () => {
    const url = await serveJson(() => ({ body: { id: "1" } }));
    const waiver = (until: string) =>
      `waivers:\n  - { rule: consumer/rejected, target: acme, path: $.email, reason: known, until: ${until} }\n`;
    const held = await report(shop(url, { config: waiver("2999-01-01") }));
    expect(held).toMatchObject({ code: 0, summary: { errors: 0, waived: 1 } });
    const over = await report(shop(url, { config: waiver("2020-01-01") }));
    expect(over).toMatchObject({ code: 1, summary: { errors: 1, warnings: 1, waived: 0 } });
  });

  test("severities of the configuration win, and `off` silences", async () => {
    const url = await serveJson(() => ({ body: { id: "1" } }));
    const config = "rules: { consumer/rejected: warning, contract/not-recorded: off }\n";
    const found = await report(shop(url, { config }));
    expect(found).toMatchObject({ code: 0, summary: { errors: 0, warnings: 1, infos: 0 } });
    expect((await report(shop(url, { config }), { failOn: "warning" })).code).toBe(1);
  });

  test("schemas that cannot be loaded are inconclusive, said once, and the rest is checked", async () => {
    const url = await serveJson(() => ({ body: thing }));
    const schemas = 'throw new Error("needs DATABASE_URL");';
    const found = await report(
      shop(url, { schemas, manifest: "  again: { request: GET /again, consumer: Again }" }),
    );
    expect(found.code).toBe(3);
    const inconclusive = found.findings.filter(
      (one: { rule: string }) => one.rule === "consumer/inconclusive",
    );
    expect(inconclusive).toHaveLength(1);
    expect(inconclusive[0].message).toContain("needs DATABASE_URL");
  });

  test("a syntax error in our schemas is our error, with its place, said once", async () => {
    const url = await serveJson(() => ({ body: thing }));
    const schemas = 'import * as z from "zod";\nexport const Thing = z.object({\n  id: z.string(;\n});\n';
    const manifest = "  again: { request: GET /again, consumer: Thing }";
    const found = await report(shop(url, { schemas, manifest }));
    expect(found.code).toBe(1);
    expect(found.findings).toMatchObject([
      {
        rule: "config/consumer-syntax",
        severity: "error",
        help: expect.stringContaining("mend the file"),
        location: { file: "src/integrations/acme/v1/schemas.ts", line: 3, column: 16 },
      },
    ]);
  });

  test("schemas whose file is not there: that is said, and not that an export is missing", async () => {
    const url = await serveJson(() => ({ body: thing }));
    const { "src/integrations/acme/v1/schemas.ts": _, ...files } = shop(url);
    const found = await report({ ...files, "src/integrations/acme/v1/notes.md": "" });
    expect(found.code).toBe(1);
    expect(found.findings).toMatchObject([
      {
        rule: "config/consumer-missing",
        message: expect.stringContaining("src/integrations/acme/v1/schemas.ts is not there"),
      },
    ]);
  });

  test("a consumer that the module does not export is an error with the name that is meant", async () => {
    const url = await serveJson(() => ({ body: thing }));
    const schemas = 'import * as z from "zod";\nexport const Things = z.object({});\n';
    const found = await report(shop(url, { schemas }));
    expect(found.code).toBe(1);
    expect(found.findings[0]).toMatchObject({
      rule: "config/consumer-missing",
      help: "did you mean `Things`?",
    });
  });

  test("a method that changes something is not sent", async () => {
    const url = await serveJson(() => ({ body: thing }));
    const found = await report(shop(url, { manifest: "  create: { request: POST /things }" }));
    expect(found.findings).toContainEqual(
      expect.objectContaining({ rule: "probe/unsafe-method", endpoint: "create" }),
    );
    expect(found.endpoints).toContainEqual(
      expect.objectContaining({ endpoint: "create", state: "not-sent" }),
    );
  });

  test("--only config,secrets sends nothing", async () => {
    let asked = 0;
    const url = await serveJson(() => {
      asked++;
      return { body: {} };
    });
    expect(await report(shop(url), { only: "config,secrets" })).toMatchObject({ code: 0, findings: [] });
    expect(asked).toBe(0);
  });

  test("--max-time ends a slow run as inconclusive", async () => {
    const url = await serve(() => {});
    const found = await report(shop(url), { maxTime: 300, only: "probe" });
    expect(found.code).toBe(3);
    expect(found.findings).toMatchObject([{ rule: "check/out-of-time", severity: "inconclusive" }]);
  });

  test.each([
    [["nope"], "There is no integration `nope`"],
    [["--only", "contrat"], "did you mean `contract`?"],
    [["--samples", "0"], "--samples"],
  ])("wrong usage %j is one message and code 2", async (args, message) => {
    const { code, stdout, stderr } = await check(shop("http://127.0.0.1:9"), args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
  });
});
