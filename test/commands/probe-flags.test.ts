import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
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

test("--compare without a project says what does it there", async () => {
  const server = createServer((_, response) => response.end("{}"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const once = ["probe", url, "--samples", "0", "--cold", "1", "--compare"];
  const { code, stderr } = await integInProcess(once, { cwd: await temporaryDirectory() });
  expect(code).toBe(0);
  expect(stderr).toContain("--save FILE writes a run down and --baseline FILE compares with it");
});
