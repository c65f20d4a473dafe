import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../support/cli.ts";
import { integInProcess } from "../../support/in-process.ts";

async function diff(old: unknown, next: unknown) {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, "old.json"), JSON.stringify(old));
  await writeFile(join(cwd, "new.json"), JSON.stringify(next));
  return integInProcess(["diff", "old.json", "new.json"], { cwd });
}

const api = (...paths: string[]) => ({
  openapi: "3.1.0",
  info: { title: "A", version: "1" },
  paths: Object.fromEntries(
    paths.map((path) => [path, { get: { responses: { 200: { description: "ok" } } } }]),
  ),
});

test("two documents without an operation in common are said to be that", async () => {
  const hint = "have no operation in common";
  expect((await diff(api("/a", "/b"), api("/v2/a", "/v2/b"))).stderr).toContain(hint);
  expect((await diff(api("/a", "/b"), api("/a", "/v2/b"))).stderr).not.toContain(hint);
  expect((await diff(api("/a"), api())).stderr).not.toContain(hint);
});

test("a document of an unknown version is refused, not compared as one without operations", async () => {
  const { code, stdout, stderr } = await diff(api("/a"), { ...api("/a"), openapi: "9.0.0" });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("9.0.0 is not known here");
});

test("entries of a recording that hold no exchange are counted and told", async () => {
  const whole = {
    request: { method: "GET", url: "https://api.test/a" },
    response: { status: 200, content: { mimeType: "application/json", text: '{"id":1}' } },
  };
  const har = (entries: unknown[]) => ({ log: { entries } });
  const { code, stderr } = await diff(
    har([whole]),
    har([whole, null, { request: 1 }, { ...whole, response: {} }]),
  );
  expect(code).toBe(0);
  expect(stderr).toContain("3 of 4 entries left out");
  expect((await diff(har([whole]), har([whole]))).stderr).not.toContain("left out");
});
