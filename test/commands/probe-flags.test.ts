import { writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { phaseDeadlines } from "../../src/commands/probe/deadlines.ts";
import { temporaryDirectory } from "../support/cli.ts";
import { integInProcess } from "../support/in-process.ts";

describe("--deadlines", () => {
  test("names phases as people write them", () => {
    expect(phaseDeadlines("dns=1s, connect=2s,tls=500ms,first-byte=1.5s,download=1m")).toEqual({
      dns: 1000,
      connect: 2000,
      tls: 500,
      ttfb: 1500,
      download: 60_000,
    });
    expect(phaseDeadlines(undefined)).toEqual({});
  });

  test.each([
    ["tcp=1s", "there is no phase `tcp`"],
    ["", "there is no phase"],
    ["dns", "not a duration"],
    ["dns=soon", "`soon` is not a duration"],
    ["dns=0ms", "longer than nothing"],
    ["dns=1s,dns=2s", "named twice"],
  ])("%j is refused, with the phases there are", (text, reason) => {
    expect(() => phaseDeadlines(text)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(reason),
        hint: expect.stringContaining("first-byte"),
      }),
    );
  });
});

/** A server on a free port that answers as `listener` does, and its address. */
async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe("flags that nothing can come of are refused before anything is sent", () => {
  test.each([
    [["--duration", "0s"], "--duration must be longer than nothing"],
    [["--timeout", "0"], "--timeout must be longer than nothing"],
    [["--watch", "--interval", "0s"], "--interval must be longer than nothing"],
    [["--interval", "1s"], "--interval needs --watch"],
    [["--json", "--format", "prometheus"], "--json and --format prometheus exclude each other"],
    [["--watch", "--format", "prometheus"], "--format prometheus is for a collector"],
    [["--duration", "1s", "--format", "prometheus"], "not for load tests"],
    [["--duration", "1s", "--detail"], "--duration and --detail exclude each other"],
    [["--duration", "1s", "--samples", "20"], "--duration and --samples exclude each other"],
    [["--duration", "1s", "--cold", "0"], "--duration and --cold exclude each other"],
    [["--duration", "1s", "--pause", "1s"], "--rate says how often a load test asks"],
    [["--watch", "--json"], "--watch has no end"],
    [["--ca", "note.txt"], "--ca: note.txt holds no certificate in PEM form"],
    [["--cert", "note.txt", "--key", "note.txt"], "--cert: note.txt holds no certificate in PEM form"],
  ])("%j", async (flags, reason) => {
    const cwd = await temporaryDirectory();
    await writeFile(join(cwd, "note.txt"), "no certificate\n");
    const url = await serving(() => expect.unreachable());
    const { code, stdout, stderr } = await integInProcess(["probe", url, ...flags], { cwd });
    expect(code).toBe(2);
    expect(stdout + stderr).toContain(reason);
  });
});

describe("what a probe prints", () => {
  const once = ["--samples", "0", "--cold", "1"];

  test("--pause 0 needs no unit, and --json has the content type and what the body is", async () => {
    const url = await serving((_, response) =>
      response.setHeader("content-type", "text/html").end("<html>Sign in</html>"),
    );
    const { code, stdout } = await integInProcess(
      ["probe", url, "--samples", "2", "--cold", "1", "--pause", "0", "--json"],
      { cwd: await temporaryDirectory() },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout).endpoints).toMatchObject([
      { status: 200, contentType: "text/html", body: "html", samples: 3 },
    ]);
  });

  test("the table tells a web page from data", async () => {
    const page = await serving((_, response) => response.end("<html>Sign in</html>"));
    const data = await serving((_, response) => response.end("{}"));
    const { stdout } = await integInProcess(["probe", page, data, ...once], {
      cwd: await temporaryDirectory(),
    });
    expect(stdout.split("\n").filter((line) => line.includes("200 web page"))).toHaveLength(1);
  });

  test("metrics on standard output, and why the code is not 0 on standard error", async () => {
    const { code, stdout, stderr } = await integInProcess(
      ["probe", "http://127.0.0.1:1/", ...once, "--format", "prometheus"],
      { cwd: await temporaryDirectory() },
    );
    expect(code).toBe(3);
    expect(stdout).toContain('integ_probe_success{endpoint="http://127.0.0.1:1/"} 0');
    expect(stderr).toContain("127.0.0.1:1 refused the connection");
  });
});

describe("a load test", () => {
  const short = ["--duration", "200ms", "--concurrency", "2"];

  test("says why its requests fail, and shows no percentiles of nothing", async () => {
    const { code, stdout } = await integInProcess(["probe", "http://127.0.0.1:1/", ...short], {
      cwd: await temporaryDirectory(),
    });
    expect(code).toBe(3);
    expect(stdout).toMatch(/requests failed: 127\.0\.0\.1:1 refused the connection/);
    expect(stdout).not.toContain("too few");
  });

  test("says that it does not follow redirects", async () => {
    const url = await serving((_, response) => response.writeHead(302, { location: "/there" }).end());
    const { stdout } = await integInProcess(["probe", url, ...short], { cwd: await temporaryDirectory() });
    expect(stdout).toContain("probe/load-redirects");
  });
});

test("--compare without a project says what does it there", async () => {
  const url = await serving((_, response) => response.end("{}"));
  const once = ["probe", url, "--samples", "0", "--cold", "1", "--compare"];
  const { code, stderr } = await integInProcess(once, { cwd: await temporaryDirectory() });
  expect(code).toBe(0);
  expect(stderr).toContain("--save FILE writes a run down and --baseline FILE compares with it");
});
