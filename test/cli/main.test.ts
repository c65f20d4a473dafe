import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { NODES, runsOn } from "../../src/base/node-version.ts";
import { binary, run, temporaryDirectory } from "../support/cli.ts";
import { integInProcess as integ } from "../support/in-process.ts";

const ESC = "\u001b";

describe("a mistake is one line of error and one of what to do, on stderr, with code 2", () => {
  test.each([
    [["prob"]],
    [["secrets", "st"]],
    [["secrets"]],
    [["--jsn"]],
    [["init", "--stor", "vault"]],
    [["init", "--store", "valt"]],
    [["init", "extra"]],
    [["secrets", "set"]],
    [["help", "nope"]],
  ])("integ %j", async (args) => {
    const { code, stdout, stderr } = await integ(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: [^\n]+\nhint: [^\n]+\n$/);
  });

  test("with --json it is a document on stdout, and stderr is empty", async () => {
    const { code, stdout, stderr } = await integ(["prob", "--json"]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      report: "integ/1",
      error: {
        code: "usage/unknown-command",
        message: "Unknown command `prob`",
        hint: expect.stringContaining("integ probe"),
      },
    });
  });

  test("a Node that integ does not run on is named; help and version answer there too", async () => {
    const versions = { node: "22.11.0" };
    expect(await integ(["catalog"], { versions })).toEqual({
      code: 2,
      signal: null,
      stdout: "",
      stderr: "error: integ does not run on Node 22.11.0\nhint: install Node 20.19, or 22.12 or newer\n",
    });
    for (const args of [["--version"], ["catalog", "--help"]])
      expect((await integ(args, { versions })).code).toBe(0);
  });

  test("package.json names the same Nodes", async () => {
    const { engines } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
    expect(engines.node).toBe(NODES);
    expect(["18.20.0", "20.18.9", "21.7.3", "22.11.0"].filter(runsOn)).toEqual([]);
    const enough = ["20.19.0", "22.12.0", "23.0.0", "24.11.0"];
    expect(enough.filter(runsOn)).toEqual(enough);
  });

  test("errors of a command are in the document too", async () => {
    const cwd = await temporaryDirectory();
    const { code, stdout } = await integ(["secrets", "list", "--json"], { cwd });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      report: "integ/1",
      command: "secrets list",
      error: { code: "config/not-found" },
    });
  });

  test("control characters of an argument are shown, not obeyed", async () => {
    const { stderr } = await integ([`x${ESC}[2J`]);
    expect(stderr).toContain("x\\x1b[2J");
  });

  test("there is no stack trace unless --verbose", async () => {
    expect((await integ(["prob"])).stderr).not.toContain("    at ");
    expect((await integ(["--verbose", "prob"])).stderr).toContain("    at ");
  });
});

describe("help", () => {
  test.each([
    [[]],
    [["-h"]],
    [["--help"]],
    [["help"]],
    [["help", "init"]],
    [["init", "-h"]],
    [["help", "exit-codes"]],
    [["help", "environment"]],
    [["--version"]],
    [["-V"]],
  ])("integ %j is on stdout, with code 0", async (args) => {
    const { code, stdout, stderr } = await integ(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/\n$/);
    expect(stdout).not.toContain(ESC);
  });
});

describe("colour", () => {
  test.each<[string, string[], Record<string, string>, boolean]>([
    ["piped", [], {}, false],
    ["FORCE_COLOR", [], { FORCE_COLOR: "1" }, true],
    ["FORCE_COLOR=0", [], { FORCE_COLOR: "0" }, false],
    ["CLICOLOR_FORCE", [], { CLICOLOR_FORCE: "1" }, true],
    ["NO_COLOR wins over FORCE_COLOR", [], { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
    ["--no-color wins over FORCE_COLOR", ["--no-color"], { FORCE_COLOR: "1" }, false],
    ["--color=never", ["--color=never"], { FORCE_COLOR: "1" }, false],
    ["--color always wins over NO_COLOR", ["--color", "always"], { NO_COLOR: "1" }, true],
  ])("%s", async (_, args, env, colored) => {
    expect((await integ(["--help", ...args], { env })).stdout.includes(ESC)).toBe(colored);
    expect((await integ(["init", "--help", ...args], { env })).stdout.includes(ESC)).toBe(colored);
    expect((await integ(["nope", ...args], { env })).stderr.includes(ESC)).toBe(colored);
  });
});

describe("the process", () => {
  test("a reader that closes the pipe is no failure", async () => {
    const script = `for i in 1 2 3 4 5; do "$0" "$1" --help; echo "rc $?" >&2; done | head -1`;
    const { stderr } = await run("bash", ["-c", script, process.execPath, binary]);
    expect(new Set(stderr.trim().split("\n"))).toEqual(new Set(["rc 0"]));
  });

  test.runIf(existsSync("/dev/full"))("a full disk behind the output is no finding and no bug", async () => {
    const script = '"$0" "$1" --help > /dev/full; echo "rc $?" >&2';
    const { stderr } = await run("bash", ["-c", script, process.execPath, binary]);
    expect(stderr).toBe("error: Cannot write to standard output: no space left on the device\nrc 3\n");
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s ends a running command with 130 and no trace",
    async (signal) => {
      const child = spawn(process.execPath, [binary, "sandbox", "--for", "30s"], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      let stderr = "";
      child.stderr.on("data", (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      await new Promise((resolve) => child.stdout.once("data", resolve));
      child.kill(signal);
      const code = await new Promise((resolve) => child.once("close", resolve));
      expect(code).toBe(130);
      expect(stderr).not.toContain("    at ");
    },
  );
});
