import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Look } from "../../src/commands/doctor/look.ts";
import { lookAtCache, lookAtOwnCache, lookAtTrust } from "../../src/commands/doctor/machine.ts";
import { lookAtClock, lookAtProxies } from "../../src/commands/doctor/network.ts";
import type { Exchange } from "../../src/http/exchange.ts";
import { temporaryDirectory } from "../support/cli.ts";
import { integInProcess } from "../support/in-process.ts";

/** A provider that counts what it is asked, and its address. */
async function provider() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? "without credentials"}`);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function projectAt(baseUrl: string, store = "env"): Promise<string> {
  const cwd = await temporaryDirectory();
  const directory = join(cwd, "src/integrations/shop");
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(cwd, "integ.config.yaml"),
    `project: clinic\nenvironments:\n  dev: { store: ${store} }\ndefaultEnvironment: dev\n`,
  );
  await writeFile(
    join(directory, "integration.yaml"),
    `name: shop\npurpose: Payments\nowner: Me\nbaseUrl: ${baseUrl}\nauth: { scheme: bearer, secret: key }
secrets:\n  key: { env: SHOP_KEY }\nactive: v1\nversions: { v1: {} }\nendpoints:\n  things: { request: GET /things }\n`,
  );
  return cwd;
}

async function doctor(cwd: string, env: Record<string, string> = {}, ...flags: string[]) {
  const { code, stdout } = await integInProcess(["doctor", "--json", ...flags], { cwd, env });
  const { checks, findings } = JSON.parse(stdout) as {
    checks: Look[];
    findings: { rule: string; severity: string; help?: string }[];
  };
  return {
    code,
    checks,
    findings,
    stateOf: (area: string) => checks.find((look) => look.area === area)?.state,
  };
}

const key = ["some", "value"].join("-");

describe("a project", () => {
  test("is advised only what can be done: no value is stored in variables, and what changes something is not recorded", async () => {
    const cwd = await projectAt("http://127.0.0.1:9");
    const manifest = join(cwd, "src/integrations/shop/integration.yaml");
    const safe = await readFile(manifest, "utf8");
    await writeFile(manifest, safe.replace("GET /things", "POST /things"));
    const variables = await doctor(cwd, {}, "--offline");
    expect(variables.stateOf("contracts")).toBeUndefined();
    expect(variables.checks.find(({ area }) => area === "secrets")?.fix).toBe(
      "set SHOP_KEY where the command runs",
    );
  });

  test("whose provider answers, whatever it says, is fine but for a contract; nothing secret is sent or shown", async () => {
    const { asked, url } = await provider();
    const cwd = await projectAt(url);
    const { code, checks, findings, stateOf } = await doctor(cwd, { SHOP_KEY: key });
    expect(code).toBe(0);
    expect(findings).toMatchObject([
      { rule: "doctor/contracts", severity: "warning", help: "integ record shop@v1/things" },
    ]);
    for (const area of ["node", "proxy", "config", "store", "secrets", "network", "clock"])
      expect(stateOf(area), area).toBe("ok");
    expect(asked).toEqual(["HEAD / without credentials"]);
    expect(JSON.stringify(checks)).not.toContain(key);
  });

  test("--offline sends nothing", async () => {
    const { asked, url } = await provider();
    const { code, stateOf } = await doctor(await projectAt(url), { SHOP_KEY: key }, "--offline");
    expect([code, asked, stateOf("network"), stateOf("clock")]).toEqual([0, [], undefined, undefined]);
  });

  test("a provider that is not there is inconclusive, and a missing secret a finding", async () => {
    const cwd = await projectAt("http://127.0.0.1:1");
    const away = await doctor(cwd, { SHOP_KEY: key });
    expect(away.code).toBe(3);
    expect(away.findings).toContainEqual(
      expect.objectContaining({ rule: "doctor/network", severity: "inconclusive", help: expect.any(String) }),
    );
    const missing = await doctor(cwd);
    expect(missing.code).toBe(1);
    expect(missing.findings).toContainEqual(
      expect.objectContaining({ rule: "doctor/secrets", help: expect.stringContaining("set SHOP_KEY") }),
    );
  });

  test("a store out of reach is exit code 4, a broken configuration 2", async () => {
    const cwd = await projectAt("http://127.0.0.1:1", "hashicorp-vault");
    const store = await doctor(cwd, {}, "--offline");
    expect([store.code, store.stateOf("store")]).toEqual([4, "fail"]);
    await writeFile(join(cwd, "integ.config.yaml"), "project: clinic\nenvironment: {}\n");
    const broken = await doctor(cwd, {}, "--offline");
    expect([broken.code, broken.stateOf("config")]).toEqual([2, "fail"]);
    expect(broken.checks.find(({ area }) => area === "config")?.says).toContain("integ.config.yaml:2");
  });

  test("a contract about another request is stale", async () => {
    const { url } = await provider();
    const cwd = await projectAt(url);
    const directory = join(cwd, "src/integrations/shop/v1/contract");
    await mkdir(directory, { recursive: true });
    const contract = { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object" };
    for (const [request, state] of [
      ["GET /things", "ok"],
      ["GET /others", "warn"],
    ]) {
      const text = JSON.stringify({ ...contract, "x-integ": { request, status: 200, samples: 3 } });
      await writeFile(join(directory, "things.json"), text);
      expect((await doctor(cwd, { SHOP_KEY: key }, "--offline")).stateOf("contracts")).toBe(state);
    }
  });
});

test("without a project the machine is looked at, and each line fits the terminal's words", async () => {
  const { code, stdout } = await integInProcess(["doctor"], { cwd: await temporaryDirectory() });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ok {4}Node/);
  expect(stdout).toMatch(/warn {2}configuration .*\n +fix: integ init/);
  expect(stdout).toMatch(/\n1 warning\n$/);
});

describe("the machine", () => {
  test("the compile cache", () => {
    const stateAt = (status: number) => lookAtCache({}, () => ({ status, directory: "/tmp/x" })).state;
    expect([0, 1, 2, 3].map(stateAt)).toEqual(["warn", "ok", "ok", "warn"]);
  });

  test("the compile cache of a Node that keeps nothing itself", async () => {
    const home = await temporaryDirectory();
    await writeFile(join(home, "file"), "");
    expect(lookAtOwnCache({ HOME: home })).toEqual({
      state: "ok",
      says: `in ${join(home, ".cache/integ/compiled")}`,
    });
    expect(lookAtOwnCache({ HOME: home, NODE_DISABLE_COMPILE_CACHE: "1" }).says).toContain("switched off");
    expect(lookAtOwnCache({ HOME: home, NODE_COMPILE_CACHE: "/tmp" }).says).toBe("in /tmp/integ");
    expect(lookAtOwnCache({}).says).toBe("cannot be kept: there is no home directory");
  });

  test("certificates that are not checked, authorities that are not there", async () => {
    const looks = await lookAtTrust({
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
      NODE_EXTRA_CA_CERTS: "/nowhere/ca.pem",
    });
    expect(looks.map(({ state }) => state)).toEqual(["fail", "warn"]);
    expect(await lookAtTrust({})).toEqual([]);
  });

  test("proxies, without their passwords", () => {
    const proxy = `http://user:${key}@proxy.example:3128`;
    expect(lookAtProxies({}).says).toContain("direct");
    expect(lookAtProxies({ HTTPS_PROXY: proxy, NO_PROXY: "localhost" })).toMatchObject({
      state: "ok",
      says: "https through http://proxy.example:3128, except localhost",
    });
    const wrong = lookAtProxies({ ALL_PROXY: `socks5://user:${key}@proxy.example` });
    expect(wrong).toMatchObject({ state: "fail", says: expect.stringContaining("ALL_PROXY") });
    expect(JSON.stringify(wrong)).not.toContain(key);
  });
});

test("the clock is judged by the middle of the servers' own, and not by what a cache kept", () => {
  const at = (aheadMs: number, headers = {}) =>
    ({
      startedAt: 1_800_000_000_000 + aheadMs,
      totalMs: 100,
      response: { headers: { date: new Date(1_800_000_000_000).toUTCString(), ...headers } },
    }) as unknown as Exchange;
  const stateOf = (...exchanges: Exchange[]) => lookAtClock(exchanges)[0]?.state;
  expect(stateOf(at(0), at(900_000), at(1000))).toBe("ok");
  expect(stateOf(at(-10_000))).toBe("warn");
  expect(stateOf(at(120_000))).toBe("fail");
  expect(lookAtClock([at(0)])[0]?.says).toContain("right");
  expect(lookAtClock([at(-120_000)])[0]?.says).toContain("behind");
  expect(lookAtClock([at(900_000, { age: "900" }), {} as Exchange])).toEqual([]);
});
