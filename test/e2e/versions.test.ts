import { existsSync } from "node:fs";
import { appendFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../support/cli.ts";
import { freshProject, readProjectFile, runTests, typeCheck } from "../support/fresh-project.ts";
import { integInProcess as integ } from "../support/in-process.ts";

const router = "src/integrations/stripe/index.ts";
const manifest = "src/integrations/stripe/integration.yaml";

async function withStripe(): Promise<string> {
  const root = await freshProject();
  await integ(["scaffold", "stripe", "--with", "webhook"], { cwd: root });
  return root;
}

async function replaceIn(root: string, path: string, from: string, to: string): Promise<void> {
  const before = await readProjectFile(root, path);
  expect(before).toContain(from);
  await writeFile(join(root, path), before.replace(from, to));
}

/** Runs a command that must succeed. */
async function done(root: string, ...args: string[]): Promise<string> {
  const result = await integ(args, { cwd: root });
  expect(result.stderr).not.toContain("error:");
  expect(result, result.stdout).toMatchObject({ code: 0 });
  return result.stdout;
}

describe("the life of a version", { timeout: 180_000 }, () => {
  test("begins beside v1 with the edits of v1, goes on trial, becomes active, and v1 is retired", async () => {
    const root = await withStripe();
    await appendFile(join(root, "src/integrations/stripe/v1/schemas.ts"), "\nexport const Ours = Money;\n");
    await replaceIn(root, manifest, "owner: Engineering", "owner: Payments # ask Ada");
    await done(root, "scaffold", "stripe", "--version", "v2");
    expect(await readProjectFile(root, "src/integrations/stripe/v2/schemas.ts")).toContain("Ours");
    expect(await readProjectFile(root, "src/integrations/stripe/v2/client.ts")).toContain("class StripeV2");
    expect(await readProjectFile(root, manifest)).toContain("owner: Payments # ask Ada");

    await done(root, "versions", "canary", "stripe", "v2", "10%");
    expect(await readProjectFile(root, router)).toContain("percent: 10");
    expect((await typeCheck(root)).stdout).toBe("");
    expect((await runTests(root)).code).toBe(0);
    expect(await done(root, "versions", "list")).toMatch(/v2\s+canary 10%/);
    expect(await readProjectFile(root, "INTEGRATIONS.md")).toContain("| v1, v2 canary 10% |");

    await done(root, "versions", "promote", "stripe", "v2");
    expect(await readProjectFile(root, router)).toContain('active: "v2"');
    expect(await readProjectFile(root, router)).not.toContain("canary: {");
    await done(root, "versions", "deprecate", "stripe", "v1", "--sunset", "2027-03-01");
    expect(await done(root, "versions", "list")).toContain("deprecated, until 2027-03-01");

    await done(root, "versions", "retire", "stripe", "v1");
    expect(await readdir(join(root, "src/integrations/stripe"))).not.toContain("v1");
    expect(await readProjectFile(root, router)).not.toContain("V1");
    expect((await typeCheck(root)).stdout).toBe("");
  });

  test("does not end while something still uses it; the places are named", async () => {
    const root = await withStripe();
    await done(root, "scaffold", "stripe", "--version", "v2");
    await done(root, "versions", "promote", "stripe", "v2");
    await writeFile(
      join(root, "src/app.ts"),
      'import { stripe } from "./integrations/index.js";\nexport const old = stripe.pinned("v1");\n',
    );
    const refused = await integ(["versions", "retire", "stripe", "v1"], { cwd: root });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("src/app.ts:2");
    expect(existsSync(join(root, "src/integrations/stripe/v1/client.ts"))).toBe(true);
  });

  test("begins from a newer document with the edits of v1, and what changes for us is listed", async () => {
    const root = await freshProject();
    const page = (items: object) => ({
      type: "object",
      required: ["data"],
      properties: { data: { type: "array", items } },
    });
    const document = (thing: object, paths: object = {}) => {
      const responses = {
        200: { description: "", content: { "application/json": { schema: page(thing) } } },
      };
      return JSON.stringify({
        openapi: "3.1.0",
        info: { title: "Things", version: "1" },
        servers: [{ url: "https://api.example.com" }],
        paths: { "/things": { get: { operationId: "listThings", responses } }, ...paths },
      });
    };
    const thing = (properties: object) => ({ type: "object", required: Object.keys(properties), properties });
    const text = { type: "string" };
    await writeFile(join(root, "old.json"), document(thing({ id: text, email: text })));
    const gone = { responses: { 204: { description: "" } } };
    await writeFile(
      join(root, "new.json"),
      document(thing({ id: text, owner: text }), {
        "/things/{id}": { delete: gone },
        "/other": { get: gone },
      }),
    );
    await done(root, "scaffold", "acme", "--from", "old.json", "--operations", "listThings");
    const home = "src/integrations/acme";
    await replaceIn(root, `${home}/v1/client.ts`, "...options,", "timeoutMs: 5_000,\n      ...options,");
    const operations = ["--operations", "listThings", "--operations", "DELETE /things/{id}"];
    const args = ["scaffold", "acme", "--version", "v2", "--from", "new.json", ...operations];
    const shown = await done(root, ...args, "--json");
    expect(JSON.parse(shown)).toMatchObject({ conflicts: 0 });
    const rules = JSON.parse(shown).changes.map(({ rule }: { rule: string }) => rule);
    expect(rules).toContain("contract/property-removed");
    expect(rules).toContain("contract/endpoint-added");
    expect(shown).not.toContain("/other");
    const client = await readProjectFile(root, `${home}/v2/client.ts`);
    for (const part of ["class AcmeV2", "timeoutMs: 5_000", "deleteThingsId("])
      expect(client).toContain(part);
    expect(await readProjectFile(root, `${home}/v2/schemas.ts`)).toContain("owner: z.string()");
    expect(await readProjectFile(root, `${home}/integration.yaml`)).toContain("delete-things-id");
    expect((await typeCheck(root)).stdout).toBe("");
    expect(await done(root, "upgrade")).toBe("everything is up to date\n");
    // The document of v1 was overwritten by the next one: its contract says what it promised.
    await done(root, "record", "acme/list-things", "--from-openapi", "old.json");
    await writeFile(join(root, "old.json"), await readProjectFile(root, "new.json"));
    const again = await done(root, "scaffold", "acme", "--version", "v3", "--from", "old.json");
    expect(again).toContain("contract/property-removed");
    // One broken contract is told with its line; the version is made all the same.
    await writeFile(join(root, `${home}/v1/contract/list-things.json`), '{\n  "type": "object",\n');
    const broken = await done(root, "scaffold", "acme", "--version", "v4", "--from", "old.json");
    expect(broken).toContain("contract/unreadable");
    expect(broken).toMatch(/v1\/contract\/list-things\.json:\d+/);
  });

  test("takes files of a person's own along, and keeps the trial of v2 when v3 begins", async () => {
    const root = await withStripe();
    await writeFile(join(root, "src/integrations/stripe/v1/ours.ts"), "export const ours = 1;\n");
    await done(root, "scaffold", "stripe", "--version", "v2");
    expect(await readProjectFile(root, "src/integrations/stripe/v2/ours.ts")).toContain("ours");
    await done(root, "versions", "canary", "stripe", "v2", "10%");
    await done(root, "scaffold", "stripe", "--version", "v3", "--preset", "stripe");
    expect(await readProjectFile(root, router)).toContain("percent: 10");
  });

  test.each([
    [
      ["scaffold", "stripe", "--version", "v2", "--owner", "Us", "--with", "queue"],
      "--with and --owner cannot be said",
    ],
    [["versions", "retire", "stripe", "v1"], "it is the active version"],
    [["versions", "promote", "stripe", "v3"], "There is no stripe@v3"],
    [["versions", "promote", "strpe", "v1"], "did you mean `stripe`"],
    [["versions", "canary", "stripe", "v1", "10%"], "is the active version"],
    [["versions", "canary", "stripe", "v1", "much"], "is not a share"],
    [["versions", "deprecate", "stripe", "v1", "--sunset", "soon"], "is not a date"],
    [["scaffold", "stripe", "--version", "next"], "is not a version such as v2"],
  ])("refuses %j in one clear sentence", async (args, words) => {
    const root = await withStripe();
    const refused = await integ(args, { cwd: root });
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain(words);
  });

  test("keeps what a person added to the router, and refuses where it cannot", async () => {
    const root = await withStripe();
    await appendFile(join(root, router), "\nexport const ours = 1;\n");
    await done(root, "scaffold", "stripe", "--version", "v2");
    expect(await readProjectFile(root, router)).toContain("export const ours = 1;");
    await replaceIn(root, router, '  active: "v1",', '  active: process.env.STRIPE === "2" ? "v2" : "v1",');
    const before = await readProjectFile(root, manifest);
    const refused = await integ(["versions", "promote", "stripe", "v2"], { cwd: root });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("was edited where its versions stand");
    expect(await readProjectFile(root, manifest)).toBe(before);
  });
});

describe("integ upgrade", () => {
  /** Makes the project look as an older integ with other templates left it. */
  async function scaffoldedBefore(root: string, path: string, now: string, then: string): Promise<void> {
    const lock = JSON.parse(await readProjectFile(root, "integ.lock.json"));
    const { sha256 } = await import("../../src/scaffold/lock.ts");
    const current = await readProjectFile(root, path);
    expect(current).toContain(now);
    const older = current.replace(now, then);
    lock.modules.stripe.files[path] = sha256(older);
    await writeFile(join(root, ".integ-base", sha256(older)), older);
    await writeFile(join(root, "integ.lock.json"), JSON.stringify(lock));
    await writeFile(join(root, path), older);
  }
  const client = "src/integrations/stripe/v1/client.ts";

  test("has nothing to do right after a scaffold", async () => {
    const root = await withStripe();
    expect(await done(root, "upgrade")).toBe("everything is up to date\n");
  });

  test("brings in what the template changed, and keeps what a person changed elsewhere", async () => {
    const root = await withStripe();
    await scaffoldedBefore(root, client, "The one class through which", "The class through which");
    await replaceIn(root, client, 'idempotencyHeader: "Idempotency-Key"', 'idempotencyHeader: "Our-Key"');
    expect(await done(root, "upgrade")).toContain("merged with your edits");
    const merged = await readProjectFile(root, client);
    expect(merged).toContain("The one class through which");
    expect(merged).toContain("Our-Key");
    expect(await done(root, "upgrade")).toBe("everything is up to date\n");
  });

  test("marks a conflict, says so, and ends with 1", async () => {
    const root = await withStripe();
    await scaffoldedBefore(root, client, "The one class through which", "The class through which");
    await replaceIn(root, client, "The class through which", "Our class through which");
    const upgraded = await integ(["upgrade", "stripe"], { cwd: root });
    expect(upgraded.code).toBe(1);
    expect(upgraded.stdout).toContain("CONFLICT");
    const text = await readProjectFile(root, client);
    for (const part of ["<<<<<<< yours", "Our class", "=======", "The one class", ">>>>>>> generated now"]) {
      expect(text).toContain(part);
    }
  });

  test("leaves deleted what a person deleted", async () => {
    const root = await withStripe();
    await rm(join(root, "src/integrations/stripe/v1/client.test.ts"));
    expect(await done(root, "upgrade")).toContain("stays deleted");
    expect(existsSync(join(root, "src/integrations/stripe/v1/client.test.ts"))).toBe(false);
  });

  test("shows and writes nothing under --dry-run, and refuses on a dirty tree", async () => {
    const root = await withStripe();
    await scaffoldedBefore(root, client, "The one class through which", "The class through which");
    await run("git", ["init", "-q"], { cwd: root });
    await writeFile(join(root, ".gitignore"), "node_modules\n");
    await run("git", ["add", "-A"], { cwd: root });
    await run("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "a"], {
      cwd: root,
    });
    await appendFile(join(root, manifest), "# ours\n");
    const before = await readProjectFile(root, client);
    expect(await done(root, "upgrade", "--dry-run")).toContain("+/** The one class through which");
    const refused = await integ(["upgrade"], { cwd: root });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("not committed");
    expect(await readProjectFile(root, client)).toBe(before);
    await done(root, "upgrade", "--force");
    expect(await readProjectFile(root, client)).not.toBe(before);
  });
});
