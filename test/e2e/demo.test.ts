import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { integ, temporaryDirectory } from "../support/cli.ts";
import { hasProgram } from "../support/real.ts";
import { terminal } from "../support/terminal.ts";

// Many processes on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** An environment in which the demo could go wrong: somebody else's key, a dead proxy, a directory of its own to fill. */
async function place() {
  const directory = await temporaryDirectory();
  const env = {
    TMPDIR: directory,
    // Node 22 and newer keep compiled code in TMPDIR, which is Node's to keep.
    NODE_DISABLE_COMPILE_CACHE: "1",
    STRIPE_API_KEY: ["not", "the", "key"].join("-"),
    HTTP_PROXY: "http://127.0.0.1:9",
    HTTPS_PROXY: "http://127.0.0.1:9",
  };
  return { directory, env };
}

describe("integ demo", () => {
  test("plays the whole loop, green, then red at the lines that break, and leaves nothing behind", async () => {
    const { directory, env } = await place();
    const run = await integ(["demo", "--verbose"], { cwd: directory, env });
    expect([run.code, run.stderr.includes("✗ exit code 1")]).toEqual([0, true]);
    const [green = "", red = ""] = run.stderr.split("Overnight");
    expect(green).toContain("✓ exit code 0");
    expect(red).toContain("src/integrations/stripe/v1/schemas.ts:");
    expect(red).toMatch(/> \d+ \| {3}email: z\.string\(\)/);
    expect(run.stdout).toContain("Nothing was left behind.");
    expect(`${run.stdout}${run.stderr}`).not.toMatch(new RegExp(`${["sk", "test", ""].join("_")}\\w{20}`));
    expect(await readdir(directory)).toEqual([]);
  });

  test("--json is one document with every step and the drift; --keep leaves a project that goes on working", async () => {
    const { directory, env } = await place();
    const run = await integ(["demo", "--keep", "--json"], { cwd: directory, env });
    const report = JSON.parse(run.stdout);
    expect(report).toMatchObject({ report: "integ/1", command: "demo" });
    expect(report.steps.map(({ exitCode }: { exitCode: number }) => exitCode)).toEqual([0, 0, 0, 0, 0, 1]);
    const lost = report.drift.find(({ path }: { path?: string }) => path === "$.data[*].email");
    expect(lost).toMatchObject({
      severity: "error",
      endpoint: "list-customers",
      location: { file: "src/integrations/stripe/v1/schemas.ts" },
    });
    const project: string = report.directory;
    expect(project.startsWith(directory)).toBe(true);
    expect(await readdir(join(project, "src/integrations/stripe/v1/contract"))).toContain("get-balance.json");
    const check = await integ(["check", "--only", "config"], { cwd: project, env });
    expect(check.code).toBe(0);
  });
});

describe.skipIf(!hasProgram("tmux", "-V"))("integ demo in a terminal", () => {
  test("a terminal that is closed leaves nothing behind either", async () => {
    const { directory, env } = await place();
    const term = await terminal(["demo"], { cwd: directory, env });
    await term.waitFor("Scaffold a module");
    await term.hangUp();
    await expect.poll(() => readdir(directory), { timeout: 15_000 }).toEqual([]);
  });

  test("Ctrl-C ends with 130 at any step and leaves nothing behind", async () => {
    const interrupted = async (moment: string) => {
      const { directory, env } = await place();
      const term = await terminal(["demo"], { cwd: directory, env });
      await term.waitFor(moment);
      await term.press("C-c");
      expect([moment, await term.exitCode()]).toEqual([moment, 130]);
      expect([moment, await readdir(directory)]).toEqual([moment, []]);
      expect(await term.screen()).not.toMatch(/\n\s+at /);
    };
    // Side by side: on a terminal the demo pauses before each step, so that a reader can follow.
    await Promise.all(["Set up a project", "Record what", "Check again"].map(interrupted));
  });
});
