import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../support/cli.ts";
import { hasProgram } from "../support/real.ts";
import { terminal } from "../support/terminal.ts";

async function slowApi(): Promise<string> {
  const server = createServer((_request, response) => {
    setTimeout(() => response.setHeader("content-type", "application/json").end("{}"), 30);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/things`;
}

describe.skipIf(!hasProgram("tmux", "-V"))("on a terminal", () => {
  test("sampling is followed live on one line, which is gone in the end", async () => {
    const term = await terminal(["probe", await slowApi(), "--samples", "40"], {
      cwd: await temporaryDirectory(),
    });
    await term.waitFor(/\d+\/45 {2}http.*p50/);
    await term.waitFor("Distribution");
    expect(await term.exitCode()).toBe(0);
    expect(await term.screen()).not.toMatch(/\d+\/45 {2}http/);
    for (const word of ["Phases", "TCP connect", "first byte", "█", "95 % sure"])
      expect(await term.screen()).toContain(word);
  });

  test("--watch draws anew, and Ctrl-C ends it with 130", async () => {
    const url = await slowApi();
    const args = ["probe", url, "--watch", "--interval", "200ms", "--samples", "1", "--cold", "1"];
    const term = await terminal(args, { cwd: await temporaryDirectory() });
    await term.waitFor("Ctrl-C ends");
    await term.press("C-c");
    expect(await term.exitCode()).toBe(130);
    expect(await term.transcript()).toContain("\u001b[2J");
  });
});
