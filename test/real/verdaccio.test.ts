import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { temporaryDirectory } from "../support/cli.ts";
import { integInProcess as integ } from "../support/in-process.ts";
import { fromRegistry, SERVERS } from "../support/registry.ts";
import { startServer } from "../support/server-process.ts";

// Many processes on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

// verdaccio is a package registry with a real rate limiter: X-RateLimit-* with an epoch second, then 429 with Retry-After.
const verdaccio = await fromRegistry(SERVERS["verdaccio.test.ts"].only);

const LIMITED = "/-/verdaccio/data/packages";

async function registry(max: number): Promise<string> {
  const cwd = await temporaryDirectory();
  const config = join(cwd, "config.yaml");
  const limit = `{ windowMs: 600000, max: ${max} }`;
  await writeFile(
    config,
    [
      `storage: ${join(cwd, "storage")}`,
      `web: { enable: true, rateLimit: ${limit} }`,
      `userRateLimit: ${limit}`,
      "uplinks: {}",
      "packages: { '**': { access: $all, publish: $all } }",
      "log: { type: stdout, level: warn }",
      "",
    ].join("\n"),
  );
  const { url, stop } = await startServer({
    program: process.execPath,
    args: (port) => [
      join(verdaccio ?? "", "bin/verdaccio"),
      ...["--listen", `127.0.0.1:${port}`, "--config", config],
    ],
    cwd,
    ready: "/-/ping",
  });
  onTestFinished(stop);
  return url;
}

async function probe(url: string, ...flags: string[]) {
  const cwd = await temporaryDirectory();
  const run = await integ(
    ["probe", `${url}${LIMITED}`, "--cold", "1", "--pause", "0ms", "--json", ...flags],
    {
      cwd,
    },
  );
  return { ...run, report: JSON.parse(run.stdout) };
}

describe.skipIf(verdaccio === undefined)("verdaccio 6.2.9, a server with a real rate limit", () => {
  test("its quota is read from the headers it really sends", async () => {
    const { code, report } = await probe(await registry(100), "--samples", "4");
    expect(code).toBe(0);
    expect(report.endpoints[0]).toMatchObject({ status: 200, samples: 5, errors: 0 });
    const [quota] = report.endpoints[0].quotas;
    expect(quota).toMatchObject({ limit: 100, remaining: 95, used: 5 });
    const resetInMs = Date.parse(quota.resetAt) - Date.parse(report.startedAt);
    expect(resetInMs).toBeGreaterThan(500_000);
    expect(resetInMs).toBeLessThanOrEqual(605_000);
  });

  test("a probe stops before the reserve of 20% is touched: the server never has to refuse", async () => {
    const url = await registry(10);
    const { code, report } = await probe(url, "--samples", "50");
    expect(code).toBe(3);
    expect(report.findings).toMatchObject([{ rule: "probe/quota-reserved", severity: "inconclusive" }]);
    expect(report.endpoints[0].quotas[0]).toMatchObject({ limit: 10, remaining: 2 });
    const next = await fetch(`${url}${LIMITED}`);
    await next.text();
    expect([next.status, next.headers.get("x-ratelimit-remaining")]).toEqual([200, "1"]);
  });

  test("a spent quota is inconclusive, with the time at which to come back", async () => {
    const url = await registry(1);
    await (await fetch(`${url}${LIMITED}`)).text();
    const { code, report } = await probe(url, "--samples", "0");
    expect(code).toBe(3);
    expect(report.summary).toMatchObject({ errors: 0, inconclusive: 1 });
    expect(report.findings[0]).toMatchObject({ rule: "probe/throttled" });
    expect(report.findings[0].message).toMatch(/again from \d{4}-/);
  });
});
