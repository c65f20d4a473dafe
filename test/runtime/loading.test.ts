import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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

test("of Node's own modules the runtime loads none at the start that a program without it has not loaded", () => {
  const code = `
    await import(${JSON.stringify(repositoryFile("test/support/empty-module.mjs"))});
    const before = new Set(process.moduleLoadList);
    await import(${JSON.stringify(repositoryFile("dist/runtime.js"))});
    console.log(JSON.stringify(process.moduleLoadList.filter((name) => !before.has(name))));`;
  const loaded = execFileSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
  expect(JSON.parse(loaded)).toEqual([]);
});

test("nothing that an application may bundle requires at run time what webpack would take for its own", () => {
  const chunks = repositoryFile("dist/chunks");
  const files = readdirSync(chunks).filter((name) => name.endsWith(".js"));
  const texts = [repositoryFile("dist/runtime.js"), ...files.map((name) => join(chunks, name))].map((file) =>
    readFileSync(file, "utf8"),
  );
  expect(texts.filter((text) => /from "(node:)?module"/.test(text))).toEqual([]);
});
