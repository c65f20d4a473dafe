import { describe, expect, test } from "vitest";
import { type FileChange, unifiedDiff } from "../../src/scaffold/changes.ts";
import { parseEndpoint } from "../../src/scaffold/endpoint-text.ts";
import { parseLock } from "../../src/scaffold/lock.ts";
import { planScaffold } from "../../src/scaffold/plan.ts";
import { updateRegistry } from "../../src/scaffold/registry.ts";
import { resolveSpec } from "../../src/scaffold/resolve.ts";

const answers = {
  baseUrl: "https://api.example.com",
  endpoints: ["get-thing=GET /things/{id=1}"],
  owner: "Engineering",
  with: [],
  importExtension: ".js" as const,
};
const environments = [{ name: "dev", protected: false, store: "vault" as const }];

function plan(
  name: string,
  files: ReadonlyMap<string, string> = new Map(),
  existing: string[] = [],
): FileChange[] {
  return planScaffold({
    spec: resolveSpec(answers, {}, { name, version: "v1", environments }),
    answers,
    directory: "src/integrations",
    existing,
    environments: ["dev"],
    integ: "0.1.0",
    today: "2026-01-01",
    read: (path) => files.get(path),
  });
}

describe("a plan", () => {
  test("is the same for the same input, and empty once it is carried out", () => {
    const first = plan("acme");
    expect(plan("acme")).toEqual(first);
    const files = new Map(first.map(({ path, after }) => [path, after ?? ""]));
    expect(plan("acme", files).every(({ before, after }) => before === after)).toBe(true);
  });

  test("has nothing to do where git turned the line ends round", () => {
    const files = new Map(plan("acme").map(({ path, after = "" }) => [path, after.replaceAll("\n", "\r\n")]));
    expect(plan("acme", files).every(({ before, after }) => before === after)).toBe(true);
  });

  test("keeps pristine copies of exactly what it generates", () => {
    const changes = plan("acme");
    const copies = changes.filter(({ path }) => path.startsWith(".integ-base/")).map(({ after }) => after);
    const lock = parseLock(changes.find(({ path }) => path === "integ.lock.json")?.after);
    const files = Object.keys(lock.modules.acme?.files ?? {});
    const own = changes.filter(({ path }) => files.includes(path)).map(({ after }) => after);
    expect(copies).toEqual(own);
    expect(files).toContain("src/integrations/acme/v1/client.ts");
  });

  test("refuses a name whose export another integration has", () => {
    expect(() => plan("a-1", new Map(), ["a1"])).toThrow("would both be exported as `a1`");
  });
});

describe("an endpoint in one text", () => {
  test("has placeholders with a value to ask with, and a query that the client sends too", () => {
    expect(parseEndpoint("get-part=GET /things/{thing-id=a1}/parts?limit=3&tag=x")).toMatchObject({
      name: "get-part",
      method: "GET",
      path: "/things/{thing-id}/parts",
      examples: { "thing-id": "a1" },
      query: { limit: 3, tag: "x" },
      consumer: "GetPart",
    });
  });

  test.each([
    "",
    "GET /",
    "a=FETCH /",
    "a=GET things",
    "A=GET /",
    "a=GET /{id}",
    "a=GET /{1=2}",
    "a=GET /{id=1}}",
  ])("%j is refused with an example of a good one", (text) => {
    expect(() => parseEndpoint(text)).toThrow("--endpoint");
  });
});

describe("files that are shared with people", () => {
  test("keep what stands outside of the markers, and their line ends", () => {
    const before = "// ours\r\nimport './setup.js';\r\n";
    const after = updateRegistry(before, ["stripe"], ".js");
    expect(after.startsWith(before)).toBe(true);
    expect(after).not.toMatch(/[^\r]\n/);
    expect(updateRegistry(after, ["stripe"], ".js")).toBe(after);
  });
});

test("a unified diff joins hunks that are near, and counts lines as git does", () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  const after = lines.with(2, "X").with(5, "Y").with(25, "Z");
  const diff = unifiedDiff({ path: "f", before: `${lines.join("\n")}\n`, after: `${after.join("\n")}\n` });
  expect(diff.match(/^@@.*@@$/gm)).toEqual(["@@ -1,9 +1,9 @@", "@@ -23,7 +23,7 @@"]);
});
