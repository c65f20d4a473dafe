import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "../support/cli.ts";
import { hasProgram } from "../support/real.ts";
import { terminal } from "../support/terminal.ts";

describe.skipIf(!hasProgram("tmux", "-V"))("integ sandbox in a terminal", () => {
  test("shows the address, a key and what to try, and Ctrl-C ends it with 130", async () => {
    const term = await terminal(["sandbox"], { cwd: await temporaryDirectory() });
    const screen = await term.waitFor("Ctrl-C stops it.");
    expect(screen).toMatch(/^url {2}http:\/\/127\.0\.0\.1:\d+$/m);
    // tmux hands the transcript over in its own time.
    await expect.poll(() => term.transcript(), { timeout: 30_000 }).toContain("\u001b[1murl");
    await term.press("C-c");
    expect(await term.exitCode()).toBe(130);
    expect(await term.screen()).toContain("Stopped after 0 requests.");
    expect(await term.screen()).not.toContain("error");
  });
});
