import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { repositoryFile } from "../support/markdown.ts";

test("the runtime loads itself alone: nothing of the command line, no package, not even zod", () => {
  const code = `await import(${JSON.stringify(repositoryFile("dist/runtime.js"))})`;
  const { output, status } = spawnSync(
    process.execPath,
    ["--import", repositoryFile("test/support/loaded-modules.mjs"), "--input-type=module", "-e", code],
    { encoding: "utf8", stdio: ["ignore", "pipe", "pipe", "pipe"] },
  );
  expect(status).toBe(0);
  const loaded = [...String(output[3]).matchAll(/^LOADED (file:.*)$/gm)].map(([, url]) => url);
  expect(loaded.filter((url) => !url?.endsWith("loaded-modules.mjs"))).toEqual([
    expect.stringMatching(/dist\/runtime\.js$/),
  ]);
});
