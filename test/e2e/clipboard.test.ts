import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { cheapVaults } from "../secrets/cheap-vault.ts";
import { shopProject } from "../secrets/shop.ts";
import { integ, run } from "../support/cli.ts";
import { integInProcess } from "../support/in-process.ts";
import { hasProgram } from "../support/real.ts";

const VALUE = ["copied", "and", "gone"].join("-");

async function shop() {
  const cwd = await shopProject({ store: "vault" });
  const env = await cheapVaults(cwd, ["dev"]);
  await integInProcess(["secrets", "set", "stripe/api_key"], { cwd, env, stdin: VALUE });
  const get = (line: string, more: Record<string, string> = {}) =>
    integ(["secrets", "get", "stripe/api_key", ...line.split(" ")], { cwd, env: { ...env, ...more } });
  return { cwd, get };
}

/** A real X server without a screen. */
async function startDisplay(): Promise<Record<string, string>> {
  const server = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "64x64x8", "-nolisten", "tcp"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(() => void server.kill());
  const [display] = await once(server.stdout.setEncoding("utf8"), "data");
  return { DISPLAY: `:${String(display).trim()}` };
}

describe("secrets get --clipboard", () => {
  test.skipIf(!hasProgram("xclip", "-version") || !hasProgram("Xvfb", "-help"))(
    "the value can be pasted, is on no screen and no command line, and is cleared after its time",
    async () => {
      const [{ cwd, get }, display] = await Promise.all([shop(), startDisplay()]);
      const pasted = async () =>
        (await run("xclip", ["-selection", "clipboard", "-out"], { env: display })).stdout;
      const kept = await get("--clipboard --clear-after 0s", display);
      expect(kept).toMatchObject({ code: 0, stdout: expect.stringMatching(/Copied stripe\/api_key.*xclip/) });
      expect(kept.stdout + kept.stderr).not.toContain(VALUE);
      expect(await pasted()).toBe(VALUE);
      const timed = await get("--clipboard --clear-after 4s --json", display);
      expect(JSON.parse(timed.stdout)).toMatchObject({ clipboard: "xclip", clearAfterMs: 4000 });
      expect(timed.stdout).not.toContain(VALUE);
      expect(await pasted()).toBe(VALUE);
      await vi.waitUntil(async () => (await pasted()) === "", { timeout: 20_000, interval: 100 });
      expect(await readFile(join(cwd, ".integ/audit.jsonl"), "utf8")).toContain('"get"');
    },
    60_000,
  );

  test("without a desktop there is an error that says what to install, and nothing is shown", async () => {
    const { get } = await shop();
    const result = await get("--clipboard");
    expect(result).toMatchObject({ code: 3, stdout: "" });
    expect(result.stderr).toMatch(/no clipboard here[\s\S]*xclip/);
    expect(result.stderr).not.toContain(VALUE);
    expect(await get("--clipboard --reveal")).toMatchObject({ code: 2 });
    expect(await get("--clipboard", { DISPLAY: ":987" })).toMatchObject({ code: 3 });
  });
});
