import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Finding } from "../../src/base/finding.ts";
import { temporaryDirectory } from "../support/cli.ts";
import { integInProcess } from "../support/in-process.ts";
import { READ_BACK } from "../support/read-reports.ts";
import { fromRegistry, SERVERS } from "../support/registry.ts";
import { freePort, startServer } from "../support/server-process.ts";

// Many processes on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

// json-server in two real versions: the newer one answers some of the same requests otherwise, and nobody here wrote either.
const servers = SERVERS["json-server.test.ts"];
const before = await fromRegistry(servers.old);
const after = await fromRegistry(servers.new);

const CUSTOMERS = Array.from({ length: 40 }, (_, index) => ({
  id: String(index + 1),
  email: `customer-${index + 1}@example.com`,
  name: `Customer ${index + 1}`,
  plan: index % 3 === 0 ? "pro" : "free",
  balance: index * 100,
}));

const MANIFEST = (url: string) => `name: people
purpose: Customers
owner: Shop
baseUrl: ${url}
auth: { scheme: none }
active: v1
versions: { v1: {} }
endpoints:
  customers: { request: GET /customers, consumer: Customers }
  customer: { request: GET /customers/1 }
  page: { request: "GET /customers?_page=1&_per_page=10", consumer: Customers }
  database: { request: GET /db }
  profile: { request: GET /profile }
`;

const SCHEMAS = `import * as z from "zod";

export const Customers = z.array(
  z.looseObject({
    id: z.string(),
    email: z.string(),
  }),
);
`;

async function start(version: "old" | "new", directory: string, port: number) {
  const file = version === "old" ? join(before ?? "", "lib/cli/bin.js") : join(after ?? "", "lib/bin.js");
  return startServer({
    program: process.execPath,
    args: (free) => [file, "--host", "127.0.0.1", "--port", String(free), join(directory, "db.json")],
    cwd: directory,
    ready: "/profile",
    port,
  });
}

/** A project whose contracts were recorded on the old version, and whose provider now runs the new one. */
async function upgraded() {
  const cwd = await temporaryDirectory();
  const port = await freePort();
  const database = { customers: CUSTOMERS, profile: { name: "acme" } };
  await writeFile(join(cwd, "db.json"), JSON.stringify(database));
  await writeFile(join(cwd, "package.json"), '{ "name": "shop", "type": "module" }\n');
  await integInProcess(["init", "--yes", "--ci", "none", "--store", "env"], { cwd });
  const module = join(cwd, "src/integrations/people");
  await mkdir(join(module, "v1"), { recursive: true });
  await writeFile(join(module, "integration.yaml"), MANIFEST(`http://127.0.0.1:${port}`));
  await writeFile(join(module, "v1/schemas.ts"), SCHEMAS);
  const old = await start("old", cwd, port);
  onTestFinished(() => old.stop());
  const recorded = await integInProcess(["record", "--samples", "10", "--json"], { cwd });
  const green = await integInProcess(["check", "--json"], { cwd });
  await old.stop();
  await writeFile(join(cwd, "db.json"), JSON.stringify(database));
  const next = await start("new", cwd, port);
  onTestFinished(() => next.stop());
  return { cwd, recorded, green };
}

const about = (findings: readonly Finding[], endpoint: string) =>
  findings.filter((finding) => finding.endpoint === endpoint && finding.severity !== "info");

describe.skipIf(!before || !after)("json-server 0.17.4 becomes 1.0.0-beta.15", () => {
  test("check is green on the version that was recorded, and red where the new one broke its promise", async () => {
    const { cwd, recorded, green } = await upgraded();
    expect([recorded.code, green.code]).toEqual([0, 0]);

    const formats = Object.entries(READ_BACK);
    const reporters = formats.flatMap(([name]) => ["--reporter", `${name}=${name}.out`]);
    const run = await integInProcess(["check", "--samples", "3", "--json", ...reporters], { cwd });
    const { findings }: { findings: Finding[] } = JSON.parse(run.stdout);
    expect(run.code).toBe(1);

    // An array became an envelope: our schema refuses it, and the line that does is named.
    const [page] = about(findings, "page");
    expect(page).toMatchObject({ severity: "error", path: "$" });
    expect(page?.location).toMatchObject({ file: "src/integrations/people/v1/schemas.ts" });

    // Every format points there.
    const place = `${page?.location?.file}:${page?.location?.line}`;
    for (const [name, read] of formats) {
      const said = read(await readFile(join(cwd, `${name}.out`), "utf8"));
      expect(said, name).toContainEqual(expect.objectContaining({ rule: page?.rule, place }));
    }

    // The address is gone: an error status is no answer that could be judged, so it never counts as drift.
    expect(about(findings, "database").every(({ rule }) => !rule.startsWith("contract/property"))).toBe(true);
    expect(about(findings, "database").length).toBeGreaterThan(0);

    // Three bodies are the same in both versions; that the new one sends no ETag any more is all there is to say.
    for (const same of ["customers", "customer", "profile"]) {
      expect(about(findings, same)).toMatchObject([{ rule: "contract/header-removed", before: "etag" }]);
    }
  });

  test("diff tells what changed, and accept makes it the contract; our schema still refuses it until it is changed", async () => {
    const { cwd } = await upgraded();
    const diff = await integInProcess(["diff", "people/page", "--samples", "10", "--json"], { cwd });
    const { findings }: { findings: Finding[] } = JSON.parse(diff.stdout);
    expect(diff.code).toBe(1);
    expect(findings).toContainEqual(
      expect.objectContaining({ path: "$", before: expect.anything(), after: expect.anything() }),
    );
    const accepted = await integInProcess(["accept", "people/page", "--all", "--samples", "3", "--yes"], {
      cwd,
    });
    expect(accepted.code).toBe(0);
    const contract = await readFile(join(cwd, "src/integrations/people/v1/contract/page.json"), "utf8");
    expect(contract).toContain('"pages"');
    const rest = await integInProcess(["diff", "people/page", "--json"], { cwd });
    const left: { findings: Finding[] } = JSON.parse(rest.stdout);
    expect(left.findings.map(({ rule }) => rule)).toEqual(["consumer/rejected"]);
  });

  test("the provider being down is inconclusive, never breaking", async () => {
    const { cwd } = await upgraded();
    const manifest = join(cwd, "src/integrations/people/integration.yaml");
    const elsewhere = (await readFile(manifest, "utf8")).replace(
      /127\.0\.0\.1:\d+/,
      `127.0.0.1:${await freePort()}`,
    );
    await writeFile(manifest, elsewhere);
    const run = await integInProcess(["check", "--json"], { cwd });
    expect(run.code).toBe(3);
    expect(JSON.parse(run.stdout).summary).toMatchObject({ errors: 0 });
  });
});
