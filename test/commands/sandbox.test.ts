import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { sandbox } from "../../src/cli/sandbox.ts";
import { FAULTS } from "../../src/sandbox/faults.ts";
import { QUOTA_FAMILIES } from "../../src/sandbox/quota.ts";
import { RELEASES } from "../../src/sandbox/releases.ts";
import { binary } from "../support/cli.ts";
import { integInProcess as integ } from "../support/in-process.ts";

test("help knows every fault, quota family and release there is", () => {
  expect(sandbox.options.quota?.choices).toEqual([...QUOTA_FAMILIES]);
  expect(sandbox.options.release?.choices).toEqual([...RELEASES]);
  const named = /Faults: ([^.]*)\./.exec(sandbox.description ?? "")?.[1];
  expect(named?.split(/,\s+/).sort()).toEqual(Object.keys(FAULTS).sort());
});

test("prints its address and a key on stdout, the rest on stderr, and stops by itself with 0", async () => {
  const run = await integ(["sandbox", "--for", "50ms"]);
  expect(run.code).toBe(0);
  expect(run.stdout).toMatch(/^url {2}http:\/\/127\.0\.0\.1:\d+\nkey {2}\w+\n$/);
  expect(run.stderr.match(/^\$ /gm)).toHaveLength(3);
  expect(run.stderr).toContain("Stopped after 0 requests.");
});

test("Ctrl-C stops it with 130, saying how much it served", async () => {
  const child = spawn(process.execPath, [binary, "sandbox", "--quiet"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  const address = await new Promise<string>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      const [, url, key] = /url {2}(\S+)\nkey {2}(\S+)\n/.exec(stdout) ?? [];
      if (url && key) resolve(`${url} ${key}`);
    });
  });
  const [url = "", key = ""] = address.split(" ");
  const answer = await fetch(`${url}/v1/balance`, { headers: { authorization: `Bearer ${key}` } });
  expect(answer.status).toBe(200);
  child.kill("SIGINT");
  expect(await new Promise((resolve) => child.on("close", resolve))).toBe(130);
  await expect(fetch(url)).rejects.toThrow();
});

test.each([
  [["--fault", "htlm"], /Unknown fault 'htlm'[\s\S]*did you mean `html`/],
  [["--fault", "error:x"], /is not a count/],
  [["--quota", "githubb"], /allowed are|did you mean/i],
  [["--port", "70000"], /the most is 65535/],
])("%j is wrong usage: one message, exit code 2, nothing on stdout", async (args, message) => {
  const run = await integ(["sandbox", ...args]);
  expect(run.stderr).toMatch(message);
  expect([run.code, run.stdout]).toEqual([2, ""]);
});
