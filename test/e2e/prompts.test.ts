import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { generateVaultKey } from "../../src/secrets/stores/vault-key.ts";
import { temporaryDirectory } from "../support/cli.ts";
import { integInProcess as integ } from "../support/in-process.ts";
import { hasProgram } from "../support/real.ts";
import { terminal } from "../support/terminal.ts";

async function emptyRepository(): Promise<string> {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, "package.json"), '{ "name": "shop" }\n');
  return cwd;
}

describe.skipIf(!hasProgram("tmux", "-V"))("init asks on a terminal", () => {
  test("presets are taken with Enter, others with the arrow keys", async () => {
    const cwd = await emptyRepository();
    const term = await terminal(["init"], { cwd });
    await term.waitFor(/Name of the project.*shop/);
    await term.press("Enter");
    await term.waitFor("Environments");
    await term.press("Enter");
    await term.waitFor("Where do secrets live?");
    await term.waitFor(/❯ vault/);
    await term.press("Up", "Enter");
    await term.waitFor("Check in CI with");
    await term.press("Enter");
    await term.waitFor("The daily run tells");
    await term.press("Enter");
    expect(await term.exitCode()).toBe(0);
    const config = await readFile(join(cwd, "integ.config.yaml"), "utf8");
    expect(config).toContain("project: shop");
    expect(config).toContain("store: keychain");
    expect(await term.screen()).toContain("next: integ scaffold stripe");
  });

  test("an answer that cannot be is refused on the spot", async () => {
    const cwd = await emptyRepository();
    const term = await terminal(["init"], { cwd });
    await term.waitFor("Name of the project");
    await term.press("Enter");
    await term.waitFor("Environments");
    await term.type(", two words/");
    await term.press("Enter");
    await term.waitFor(/must|may|should|letters/);
    await term.press("C-c");
    expect(await term.exitCode()).toBe(130);
  });

  test.each([0, 1, 2, 3])("Ctrl-C at question %i ends with 130 and writes nothing", async (answered) => {
    const cwd = await emptyRepository();
    const term = await terminal(["init"], { cwd });
    const questions = ["Name of the project", "Environments", "Where do secrets live?", "Check in CI with"];
    for (const question of questions.slice(0, answered)) {
      await term.waitFor(question);
      await term.press("Enter");
    }
    await term.waitFor(questions[answered] ?? "");
    await term.press("C-c");
    expect(await term.exitCode()).toBe(130);
    expect(await readdir(cwd)).toEqual(["package.json"]);
    expect(await term.screen()).not.toMatch(/\n\s+at /);
  });
});

describe.skipIf(!hasProgram("tmux", "-V"))("secrets set asks on a terminal", () => {
  // A generated key opens without the half second that a passphrase costs.
  const env = { INTEG_VAULT_PASSPHRASE: generateVaultKey() };

  async function project() {
    const cwd = await emptyRepository();
    await integ(["init", "--yes", "--store", "vault", "--environments", "dev,prod", "--ci", "none"], { cwd });
    const directory = join(cwd, "src/integrations/acme");
    await mkdir(directory, { recursive: true });
    await writeFile(
      join(directory, "integration.yaml"),
      `name: acme
purpose: Orders
owner: Shop
baseUrl: https://api.example.com
auth: { scheme: bearer, secret: api_key }
secrets:
  api_key: { env: ACME_API_KEY }
active: v1
versions: { v1: {} }
endpoints:
  get-order: { request: GET /orders/1 }
`,
    );
    return { cwd, env };
  }
  const value = ["value", "nobody", "may", "see", "7"].join("-");

  test("the value is hidden, stored, and never on the screen", async () => {
    const { cwd, env } = await project();
    const term = await terminal(["secrets", "set", "acme/api_key", "--env", "dev"], { cwd, env });
    await term.waitFor("acme/api_key");
    await term.type(value);
    await term.waitFor(/\*{4}/);
    await term.press("Enter");
    expect(await term.exitCode()).toBe(0);
    expect(await term.transcript()).not.toContain(value);
    expect(await term.screen()).toContain("Stored acme/api_key in dev");
    const got = await integ(["secrets", "get", "acme/api_key", "--env", "dev"], { cwd, env });
    expect(got.stdout.trim()).toBe(value);
  });

  test("Ctrl-C in the hidden prompt ends with 130 and stores nothing", async () => {
    const { cwd, env } = await project();
    const before = (await readdir(cwd)).sort();
    const term = await terminal(["secrets", "set", "acme/api_key", "--env", "dev"], { cwd, env });
    await term.waitFor("acme/api_key");
    await term.type(value);
    await term.press("C-c");
    expect(await term.exitCode()).toBe(130);
    expect(await term.transcript()).not.toContain(value);
    expect((await readdir(cwd)).sort()).toEqual(before);
  });

  test("get refuses to show a value on the screen unless it is told to", async () => {
    const { cwd, env } = await project();
    await integ(["secrets", "set", "acme/api_key", "--env", "dev"], { cwd, env, stdin: value });
    const refused = await terminal(["secrets", "get", "acme/api_key", "--env", "dev"], { cwd, env });
    expect(await refused.exitCode()).toBe(2);
    expect(await refused.transcript()).not.toContain(value);
    const shown = await terminal(["secrets", "get", "acme/api_key", "--env", "dev", "--reveal"], {
      cwd,
      env,
    });
    expect(await shown.exitCode()).toBe(0);
    expect(await shown.screen()).toContain(value);
  });
});

describe.skipIf(!hasProgram("tmux", "-V"))(
  "scaffold asks which operations of a long document to take",
  () => {
    test("typing narrows the list, what was picked is offered no more, and the list ends where the person says", async () => {
      const cwd = await emptyRepository();
      await integ(["init", "--yes", "--store", "vault", "--ci", "none"], { cwd });
      const paths = Array.from({ length: 500 }, (_, index) => [
        `/things-${index}/parts`,
        { get: { responses: { 200: { description: "ok" } } } },
      ]);
      const document = {
        openapi: "3.1.0",
        info: { title: "Many", version: "1" },
        servers: [{ url: "https://api.example.com" }],
        paths: Object.fromEntries(paths),
      };
      await writeFile(join(cwd, "many.json"), JSON.stringify(document));
      const term = await terminal(["scaffold", "acme", "--from", "many.json"], { cwd });
      await term.waitFor("Which operations");
      await term.type("get 417");
      await term.waitFor(/❯ GET \/things-417\/parts/);
      await term.press("Enter");
      await term.waitFor("(1 picked)");
      await term.type("things-41");
      await term.waitFor(/❯ GET \/things-41\/parts/);
      expect((await term.screen()).split("(1 picked)").at(-1)).not.toContain("things-417");
      await term.press("Enter");
      await term.waitFor(/❯ that is all/);
      await term.press("Enter");
      expect(await term.exitCode()).toBe(0);
      const manifest = await readFile(join(cwd, "src/integrations/acme/integration.yaml"), "utf8");
      expect(manifest.match(/request: .*/g)).toEqual([
        "request: GET /things-417/parts",
        "request: GET /things-41/parts",
      ]);
    });
  },
);
