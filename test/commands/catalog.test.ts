import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, serialize } from "parse5";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { freshProject } from "../support/fresh-project.ts";
import { integInProcess } from "../support/in-process.ts";

let provider: Sandbox;
beforeAll(async () => {
  provider = await startSandbox({});
});
afterAll(() => provider.close());

const MANIFEST = "src/integrations/acme/integration.yaml";

async function withAcme() {
  const root = await freshProject("environments: { dev: {}, prod: {} }\nsecrets: { store: env }\n");
  const run = (...args: string[]) => integInProcess(args, { cwd: root });
  const endpoint = ["--endpoint", "get-root=GET /", "--auth", "none"];
  expect((await run("scaffold", "acme", "--base-url", provider.url, ...endpoint)).code).toBe(0);
  const edit = async (from: string, to: string) =>
    writeFile(join(root, MANIFEST), (await readFile(join(root, MANIFEST), "utf8")).replace(from, to));
  const catalog = () => readFile(join(root, "INTEGRATIONS.md"), "utf8");
  return { run, edit, catalog };
}

describe("integ catalog", () => {
  test("brings the file up to date with the manifests, and shows what was last measured", async () => {
    const { run, edit, catalog } = await withAcme();
    await edit("owner: Engineering", "owner: Shop");
    expect((await run("probe", "acme", "--samples", "3")).code).toBe(0);
    const { code, stdout } = await run("catalog");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Integration .*Live\nacme .* Shop .* v1 .* dev, prod .* ok \d+ ms/m);
    expect(stdout).toContain("updated  INTEGRATIONS.md");
    expect(await catalog()).toMatch(/^\| \[acme\].*\| Shop \| v1 \| dev, prod \| none \|/m);
    const again = JSON.parse((await run("catalog", "--json")).stdout);
    expect(again).toMatchObject({
      files: [{ path: "INTEGRATIONS.md", action: "keep" }],
      integrations: [{ name: "acme", owner: "Shop", live: { state: "ok", endpoints: 1, failing: [] } }],
    });
  });

  test("as a page holds the same, and nothing of it is markup", async () => {
    const { run, edit } = await withAcme();
    await edit("owner: Engineering", "owner: <script>alert(1)</script>");
    expect((await run("probe", "acme", "--samples", "3")).code).toBe(0);
    const { code, stdout } = await run("catalog", "--format", "html");
    expect(code).toBe(0);
    const document = parse(stdout);
    expect(serialize(document)).not.toContain("<script");
    expect(stdout).toContain('<th scope="row">acme</th>');
    expect(stdout).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(stdout).toMatch(/<td><ins>ok \d+ ms, /);
    expect(stdout).toContain("default-src 'none'");
  });

  test("with --dry-run shows the diff and writes nothing", async () => {
    const { run, edit, catalog } = await withAcme();
    const before = await catalog();
    await edit("owner: Engineering", "owner: Shop");
    const { code, stdout } = await run("catalog", "--dry-run");
    expect([code, stdout.match(/^[-+]\| \[acme\]/gm)]).toEqual([0, ["-| [acme]", "+| [acme]"]]);
    expect(await catalog()).toBe(before);
  });
});

test("check says where INTEGRATIONS.md is behind the manifests, and no more once it is not", async () => {
  const { run, edit } = await withAcme();
  const stale = async () => {
    const { stdout } = await run("check", "--only", "config", "--json");
    const { findings }: { findings: { rule: string; message: string }[] } = JSON.parse(stdout);
    return findings.filter(({ rule }) => rule === "config/catalog-stale").map(({ message }) => message);
  };
  expect(await stale()).toEqual([]);
  await edit("owner: Engineering", "owner: Shop");
  expect(await stale()).toEqual([expect.stringContaining("true of acme")]);
  await run("catalog");
  expect(await stale()).toEqual([]);
});
