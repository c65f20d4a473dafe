import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "../../support/cli.ts";
import { integInProcess } from "../../support/in-process.ts";

/** Files of a test's own directory. */
async function files(contents: Readonly<Record<string, unknown>>): Promise<string> {
  const directory = await temporaryDirectory();
  for (const [name, content] of Object.entries(contents)) {
    await writeFile(
      join(directory, name),
      typeof content === "string" ? content : JSON.stringify(content, undefined, 2),
    );
  }
  return directory;
}

const api = (properties: Record<string, unknown>, version = "1.0.0") => ({
  openapi: "3.0.3",
  info: { title: "Things", version },
  paths: {
    "/things": {
      get: {
        responses: {
          200: {
            content: { "application/json": { schema: { type: "object", properties, required: ["id"] } } },
          },
        },
      },
    },
  },
});

const OLD = api({ id: { type: "string" }, name: { type: "string" } });
const NEW = api({ id: { type: "integer" }, name: { type: "string" }, extra: { type: "string" } }, "2.0.0");

describe("integ diff OLD NEW", () => {
  test("two OpenAPI documents: findings with places in both, exit code 1, a version bump", async () => {
    const cwd = await files({ "old.json": OLD, "new.json": NEW });
    const { code, stdout } = await integInProcess(["diff", "old.json", "new.json", "--json"], { cwd });
    expect(code).toBe(1);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      command: "diff",
      suggestedBump: "major",
      operations: { before: 1, after: 1, added: 0, removed: 0 },
      findings: [
        {
          rule: "contract/type-changed",
          severity: "error",
          endpoint: "GET /things",
          path: "$.id",
          before: "string",
          after: "integer",
          location: { file: "new.json", line: 17, column: 21 },
          evidence: { side: "response", was: { file: "old.json", line: 17, column: 21 } },
        },
        { rule: "contract/property-added", severity: "info", path: "$.extra" },
      ],
    });
  });

  test("what does not break ends with 0, and the same document without a finding", async () => {
    const cwd = await files({
      "old.json": OLD,
      "same.json": OLD,
      "more.json": api({ id: { type: "string" }, name: { type: "string" }, b: {} }),
    });
    const same = await integInProcess(["diff", "old.json", "same.json"], { cwd });
    expect([same.code, same.stdout]).toEqual([0, expect.stringContaining("Suggested version bump: none")]);
    const more = await integInProcess(["diff", "old.json", "more.json"], { cwd });
    expect([more.code, more.stdout]).toEqual([0, expect.stringContaining("Suggested version bump: minor")]);
    expect((await integInProcess(["diff", "old.json", "more.json", "--fail-on", "info"], { cwd })).code).toBe(
      1,
    );
  });

  test("what is wrong with a document is said with its place", async () => {
    const cwd = await files({ "old.json": OLD, "new.json": api({ id: { $ref: "#/gone" } }) });
    const { code, stdout, stderr } = await integInProcess(["diff", "old.json", "new.json"], { cwd });
    expect([code, stdout]).toEqual([3, expect.stringContaining("contract/not-judged")]);
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "$.id: this cannot be judged: $ref: the reference #/gone leads nowhere",
    );
    expect(stderr).toMatch(/^new\.json:\d+:\d+ Nothing stands at `#\/gone`$/m);
  });

  test("what is missing in both documents is one finding, however often it is referred to, and no change", async () => {
    const gone = { $ref: "#/components/schemas/Gone" };
    const document = api({ id: gone, other: gone, name: { type: "string" } });
    const later = { ...document, info: { title: "x", version: "9" } };
    const cwd = await files({ "old.json": document, "new.json": later });
    const { code, stdout } = await integInProcess(["diff", "old.json", "new.json", "--json"], { cwd });
    expect(code).toBe(3);
    const { findings, suggestedBump } = JSON.parse(stdout);
    expect(findings).toMatchObject([
      {
        rule: "contract/not-judged",
        severity: "inconclusive",
        message:
          "#/components/schemas/Gone: this cannot be judged: the reference leads nowhere in both documents",
      },
    ]);
    expect(suggestedBump).toBe("none");
    const properties = { p: { $ref: "#/$defs/gone" } };
    const schemas = await files({ "a.json": { properties }, "b.json": { properties, title: "b" } });
    const codeOf = async (next: string) =>
      (await integInProcess(["diff", "a.json", next], { cwd: schemas })).code;
    expect([await codeOf("b.json"), await codeOf("a.json")]).toEqual([3, 0]);
  });

  test("two files of one name that cannot be read are inconclusive, not unchanged; the very same file is no question", async () => {
    const document = api({ id: { $ref: "types.json#/Id" } });
    const cwd = await files({ "one.json": document, "two.json": document });
    await mkdir(join(cwd, "new"));
    await writeFile(join(cwd, "new/one.json"), JSON.stringify(document));
    const apart = await integInProcess(["diff", "one.json", "new/one.json"], { cwd });
    expect([apart.code, apart.stdout]).toEqual([3, expect.stringContaining("contract/not-judged")]);
    expect((await integInProcess(["diff", "one.json", "two.json"], { cwd })).code).toBe(0);
  });

  test("--format markdown is a changelog", async () => {
    const cwd = await files({ "old.json": OLD, "new.json": NEW });
    const { stdout } = await integInProcess(["diff", "old.json", "new.json", "--format", "markdown"], {
      cwd,
    });
    expect(stdout).toContain("# Things 1.0.0 → 2.0.0\n\nSuggested version bump: **major**.");
    expect(stdout).toContain("## Breaking\n\n### `GET /things`");
    expect(stdout).toContain("`string` → `integer` (`contract/type-changed`)");
    expect(stdout).toContain("## Added");
  });

  test("two JSON Schemas, from the side of who sends", async () => {
    const schema = (required: string[]) => ({
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties: { a: {} },
      required,
    });
    const cwd = await files({ "old.json": schema([]), "new.json": schema(["a"]) });
    expect(
      (await integInProcess(["diff", "old.json", "new.json", "--direction", "request"], { cwd })).code,
    ).toBe(1);
    expect(
      (await integInProcess(["diff", "old.json", "new.json", "--direction", "response"], { cwd })).code,
    ).toBe(0);
  });

  test("two files of samples, judged by evidence", async () => {
    const lines = (make: (i: number) => unknown) =>
      Array.from({ length: 40 }, (_, i) => JSON.stringify(make(i))).join("\n");
    const cwd = await files({
      "old.ndjson": lines((i) => ({ id: i, name: `n${i}` })),
      "new.ndjson": lines((i) => ({ id: String(i), name: `m${i}` })),
      "same.ndjson": lines((i) => ({ name: `x${i}`, id: i + 7 })),
    });
    const drifted = await integInProcess(["diff", "old.ndjson", "new.ndjson", "--json"], { cwd });
    expect(JSON.parse(drifted.stdout).findings).toMatchObject([
      { rule: "contract/type-changed", path: "$.id" },
    ]);
    expect((await integInProcess(["diff", "old.ndjson", "same.ndjson"], { cwd })).code).toBe(0);
  });

  test("two HAR recordings, endpoint by endpoint", async () => {
    const har = (status: (i: number) => unknown) => ({
      log: {
        entries: Array.from({ length: 20 }, (_, i) => ({
          request: { method: "GET", url: `https://x.test/things/${i}` },
          response: {
            status: 200,
            headers: [{ name: "Content-Type", value: "application/json" }],
            content: { text: JSON.stringify({ id: i, status: status(i) }) },
          },
        })),
      },
    });
    const cwd = await files({ "old.har": har(() => "open"), "new.har": har(() => 5) });
    const { stdout } = await integInProcess(["diff", "old.har", "new.har", "--json"], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      endpoints: { before: 1, after: 1, compared: 1 },
      findings: [
        { rule: "contract/type-changed", path: "$.status", endpoint: "GET https://x.test/things/{}" },
      ],
    });
  });

  test("HAR recordings of other endpoints are inconclusive, not unchanged", async () => {
    const har = { log: { version: "1.2", entries: [] } };
    const cwd = await files({ "old.har": har, "new.har": har });
    const { code, stdout } = await integInProcess(["diff", "old.har", "new.har"], { cwd });
    expect([code, stdout]).toEqual([3, expect.stringContaining("no endpoint in common")]);
  });

  test.each([
    ["a file that is not there", ["gone.json", "old.json"], "document/no-file"],
    ["a broken one", ["broken.json", "old.json"], "document/invalid-json"],
    ["a directory", [".", "old.json"], "document/no-file"],
    ["plain text, which any other text would be like", ["note.txt", "note.txt"], "document/plain-text"],
    ["two that have nothing in common", ["old.json", "sample.json"], "usage/unlike-documents"],
    ["one alone", ["old.json"], "usage/documents"],
    ["three", ["old.json", "old.json", "old.json"], "usage/documents"],
  ])("%s: exit code 2", async (_, names, code) => {
    const cwd = await files({
      "old.json": OLD,
      "broken.json": '{"a": 1,\n',
      "note.txt": "see you at five\n",
      "sample.json": { id: 1 },
    });
    const result = await integInProcess(["diff", ...names, "--json"], { cwd });
    expect([result.code, JSON.parse(result.stdout).error.code]).toEqual([2, code]);
  });
});
