import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { integInProcess } from "../support/in-process.ts";
import { hasProgram, isThere } from "../support/real.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";

// Many processes on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

// gunicorn's own Python must find it, which need not be the first one of PATH.
const installed =
  hasProgram("gunicorn") &&
  isThere("python3-httpbin", spawnSync("gunicorn", ["--check-config", "httpbin:app"]).status === 0);

async function probe(url: string, ...flags: string[]) {
  const run = await integInProcess(["probe", url, "--samples", "1", "--cold", "1", "--json", ...flags], {
    cwd: tmpdir(),
  });
  return { ...run, report: JSON.parse(run.stdout) };
}

const headersOf = (url: string, fields: Record<string, string>) =>
  `${url}/response-headers?${new URLSearchParams(fields)}`;

describe.skipIf(!installed)("httpbin, a server of Debian's", () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServer({
      program: "gunicorn",
      args: (port) => ["--bind", `127.0.0.1:${port}`, "--workers", "1", "--threads", "4", "httpbin:app"],
      cwd: tmpdir(),
      ready: "/status/200",
    });
  });
  afterAll(() => server.stop());

  test.each([
    ["/gzip", 200],
    ["/deflate", 200],
    ["/not-there", 404],
    ["/status/500", 500],
    ["/status/403", 403],
  ])("%s is probed as %i", async (path, status) => {
    const { report } = await probe(`${server.url}${path}`);
    expect(report.endpoints[0].status).toBe(status);
    expect(report.endpoints[0].latencyMs.phases.ttfb).toBeGreaterThan(0);
  });

  test("redirects are followed and counted into one exchange", async () => {
    const { code, report } = await probe(`${server.url}/redirect/3`);
    expect([code, report.endpoints[0].status]).toEqual([0, 200]);
  });

  test("waiting for the first byte is told apart from downloading", async () => {
    const { url } = server;
    const waiting = (await probe(`${url}/delay/1`, "--samples", "0")).report.endpoints[0].latencyMs.phases;
    expect(waiting.ttfb).toBeGreaterThan(950);
    expect(waiting.download).toBeLessThan(waiting.ttfb);
    const dripping = (await probe(`${url}/drip?duration=1&numbytes=5&delay=0`, "--samples", "0")).report;
    const { ttfb, download } = dripping.endpoints[0].latencyMs.phases;
    expect(download).toBeGreaterThan(500);
    expect(ttfb).toBeLessThan(download);
  });

  test("a slower answer than the deadline is inconclusive, never breaking", async () => {
    const { code, report } = await probe(`${server.url}/delay/5`, "--samples", "0", "--timeout", "300ms");
    expect(code).toBe(3);
    expect(report.summary.errors).toBe(0);
  });

  test.each([
    [{ "RateLimit-Limit": "100", "RateLimit-Remaining": "60", "RateLimit-Reset": "30" }, 100, 60],
    [{ RateLimit: '"default";r=40;t=30', "RateLimit-Policy": '"default";q=50;w=60' }, 50, 40],
    [{ "X-Shopify-Shop-Api-Call-Limit": "10/40" }, 40, 30],
  ])("quota headers as servers write them: %j", async (fields, limit, remaining) => {
    const { report } = await probe(headersOf(server.url, fields), "--samples", "0");
    expect(report.endpoints[0].quotas[0]).toMatchObject({ limit, remaining });
  });

  test("deprecation and sunset are told", async () => {
    const sunset = new Date(Date.now() + 10 * 86_400_000).toUTCString();
    const { report } = await probe(headersOf(server.url, { Deprecation: "@1700000000", Sunset: sunset }));
    expect(report.findings.map(({ rule }: { rule: string }) => rule)).toContain("provider/sunset");
  });
});
