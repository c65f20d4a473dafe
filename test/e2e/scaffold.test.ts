import { existsSync } from "node:fs";
import { appendFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run, temporaryDirectory } from "../support/cli.ts";
import { freshProject, readProjectFile } from "../support/fresh-project.ts";
import { integInProcess as integ } from "../support/in-process.ts";

const ACME = [
  "scaffold",
  "acme",
  "--base-url",
  "https://api.example.com/base",
  "--endpoint",
  "get-thing=GET /things/{thing-id=1}?fields=all",
];

describe("a scaffolded project", () => {
  test("is a project that integ itself can read, with its registry and its catalog", async () => {
    const root = await freshProject();
    await integ(["scaffold", "stripe"], { cwd: root });
    await integ(ACME, { cwd: root });
    const again = await integ(["scaffold", "stripe-eu", "--preset", "stripe", "--json"], { cwd: root });
    expect(again.code).toBe(0);
    expect(await readProjectFile(root, "src/integrations/index.ts")).toContain(
      [
        'export { acme } from "./acme/index.js";',
        'export { stripe } from "./stripe/index.js";',
        'export { stripeEu } from "./stripe-eu/index.js";',
      ].join("\n"),
    );
    const catalog = await readProjectFile(root, "INTEGRATIONS.md");
    expect(catalog.match(/^\| \[\S+\]/gm)).toHaveLength(3);
    expect(await readProjectFile(root, "src/integrations/stripe-eu/integration.yaml")).toContain(
      "env: STRIPE_EU_API_KEY",
    );
  });

  test("imports with .ts where the project's compiler takes it", async () => {
    const root = await freshProject();
    const file = join(root, "tsconfig.json");
    const compiler = (await readProjectFile(root, "tsconfig.json")).replace(
      '"noEmit":true',
      '"noEmit":true,"allowImportingTsExtensions":true',
    );
    await writeFile(file, compiler);
    await integ(["scaffold", "stripe"], { cwd: root });
    expect(await readProjectFile(root, "src/integrations/stripe/index.ts")).toContain('"./v1/client.ts"');
  });
});

describe("integ scaffold", () => {
  test("shows a diff that `git apply` takes, and writes nothing, under --dry-run", async () => {
    const root = await freshProject();
    const shown = await integ(["scaffold", "stripe", "--dry-run"], { cwd: root });
    expect(shown.code).toBe(0);
    expect(existsSync(join(root, "src"))).toBe(false);
    expect(existsSync(join(root, "integ.lock.json"))).toBe(false);
    await writeFile(join(root, "change.diff"), shown.stdout);
    await run("git", ["init", "-q"], { cwd: root });
    expect(await run("git", ["apply", "change.diff"], { cwd: root })).toMatchObject({ code: 0 });
    expect(await readProjectFile(root, "src/integrations/stripe/index.ts")).toContain("StripeV1");
  });

  test("does nothing the second time", async () => {
    const root = await freshProject();
    await integ(["scaffold", "stripe"], { cwd: root });
    const before = await readProjectFile(root, "integ.lock.json");
    const again = await integ(["scaffold", "stripe"], { cwd: root });
    expect(again).toMatchObject({ code: 0, stdout: "everything is there already; nothing to do\n" });
    expect(await readProjectFile(root, "integ.lock.json")).toBe(before);
  });

  test("never overwrites: names the files that were edited and writes nothing", async () => {
    const root = await freshProject();
    await integ(["scaffold", "stripe"], { cwd: root });
    await appendFile(join(root, "src/integrations/stripe/v1/client.ts"), "// ours\n");
    await rm(join(root, "src/integrations/stripe/index.ts"));
    const refused = await integ(["scaffold", "stripe"], { cwd: root });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("src/integrations/stripe/v1/client.ts is there already");
    expect(existsSync(join(root, "src/integrations/stripe/index.ts"))).toBe(false);
  });

  test.each([
    ["../../etc", "it is a path"],
    ["con", "Windows keeps it for a device"],
    ["class", "TypeScript keeps it for itself"],
    ["constructor", "TypeScript keeps it for itself"],
    ["a b", "only lower-case letters"],
    ["stripе", "U+0435"],
    ["index", "TypeScript keeps it for itself"],
    ["x".repeat(70), "more than 64 characters"],
  ])("refuses the name %j", async (name, why) => {
    const root = await freshProject();
    const refused = await integ(["scaffold", "--base-url", "https://a.example", "--", name], {
      cwd: root,
    });
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain(why);
    expect(existsSync(join(root, "src"))).toBe(false);
  });

  test.each([
    [["acme"], "There is no preset for 'acme'"],
    [["acme", "--base-url", "https://a.example"], "At least one endpoint"],
    [["acme", "--base-url", "ftp://a.example", "--endpoint", "a=GET /"], "--base-url 'ftp://a.example'"],
    [["acme", "--base-url", "https://a.example", "--endpoint", "GET /"], "NAME=METHOD"],
    [["acme", "--base-url", "https://a.example", "--endpoint", "a=GET /{id}"], "{id=1}"],
    [
      ["acme", "--base-url", "https://a.example", "--endpoint", "a=GET /", "--endpoint", "a=GET /b"],
      "two endpoints",
    ],
    [
      ["acme", "--base-url", "https://a.example", "--endpoint", "a=GET /", "--auth", "magic"],
      "--auth 'magic'",
    ],
    [["acme", "--from", "no.json", "--operations", "a"], "no.json cannot be read"],
    [["acme", "--from", ".", "--operations", "a"], "is no file"],
    [["acme", "--from", "/dev/null", "--operations", "a"], "/dev/null is no file"],
    [["acme", "--operations", "a"], "--operations needs --from"],
    [["acme", "--from", "empty.json", "--operations", "GET /a"], "describes no operation"],
    [["acme", "--from", "null.json", "--operations", "GET /a"], "describes no operation"],
    [["acme", "--from", "one.json", "--operations", ""], "has 1 operation; say which to take"],
    [["acme", "--from", "package.json", "--operations", "a"], "is not an OpenAPI document"],
    [["slack", "--with", "cache"], "no endpoint of slack is a GET"],
    [["stripe", "--with", "webhook,cash"], "allowed are webhook, queue, cache"],
    [["zendesk"], "--set subdomain=VALUE"],
    [["zendesk", "--set", "subdomain=a/b"], "cannot be 'a/b'"],
    [["strpe"], "did you mean `stripe`"],
    [["acme", "--preset", "strpie"], "did you mean `stripe`"],
  ])("refuses %j in one clear sentence", async (args, words) => {
    const root = await freshProject();
    for (const [file, paths] of Object.entries({
      "empty.json": {},
      "null.json": { "/a": { get: null } },
      "one.json": { "/a": { get: { responses: {} } } },
    })) {
      const info = { title: "A", version: "1" };
      await writeFile(join(root, file), JSON.stringify({ openapi: "3.1.0", info, paths }));
    }
    const refused = await integ(["scaffold", ...args], { cwd: root });
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain(words);
    expect(await readdir(root)).not.toContain("src");
  });

  test("follows references out of the project with --allow-outside-refs only, and again at an upgrade", async () => {
    const outside = await temporaryDirectory();
    const root = await freshProject();
    const thing = { type: "object", required: ["id"], properties: { id: { type: "string" } } };
    await writeFile(join(outside, "thing.json"), JSON.stringify({ Thing: thing }));
    const schema = { $ref: `${join(outside, "thing.json")}#/Thing` };
    const responses = { 200: { description: "", content: { "application/json": { schema } } } };
    const api = {
      openapi: "3.1.0",
      info: { title: "Things", version: "1" },
      servers: [{ url: "https://api.example.com" }],
      paths: { "/thing": { get: { operationId: "getThing", responses } } },
    };
    await writeFile(join(root, "api.json"), JSON.stringify(api));
    const args = ["scaffold", "acme", "--from", "api.json", "--operations", "getThing"];
    const shut = await integ([...args, "--dry-run"], { cwd: root });
    expect(shut.stderr).toContain("allow it with `--allow-outside-refs`");
    expect(shut.stdout).not.toContain("id: z.string()");
    const open = await integ([...args, "--allow-outside-refs"], { cwd: root });
    expect(open).toMatchObject({ code: 0, stderr: expect.not.stringContaining("api.json:") });
    expect(await readProjectFile(root, "src/integrations/acme/v1/schemas.ts")).toContain("id: z.string()");
    expect(await integ(["upgrade", "--force"], { cwd: root })).toMatchObject({
      code: 0,
      stdout: "everything is up to date\n",
    });
  });

  test("says that a project is needed first", async () => {
    const empty = await temporaryDirectory();
    const refused = await integ(["scaffold", "stripe"], { cwd: empty });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("integ init");
  });

  test("follows no symbolic link out of the project", async () => {
    const root = await freshProject();
    const elsewhere = await temporaryDirectory();
    await symlink(elsewhere, join(root, "src"));
    const refused = await integ(["scaffold", "stripe"], { cwd: root });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("leads out of the project");
    expect(await readdir(elsewhere)).toEqual([]);
  });

  test("leaves nothing behind when a file cannot be written", async () => {
    const root = await freshProject();
    await writeFile(join(root, ".integ-base"), "in the way");
    const failed = await integ(["scaffold", "stripe"], { cwd: root });
    expect(failed.code).toBe(3);
    expect(failed.stderr).toContain("nothing was changed");
    expect(existsSync(join(root, "src"))).toBe(false);
    expect(existsSync(join(root, "INTEGRATIONS.md"))).toBe(false);
  });
});
