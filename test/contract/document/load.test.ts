import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/base/errors.ts";
import { shapeOfDocument } from "../../../src/contract/document/compare-schemas.ts";
import { type Access, type LoadedDocument, loadDocument } from "../../../src/contract/document/load.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

/** Files below /project and URLs, in memory. What is asked for is remembered. */
function memory(files: Files): Access & { asked: string[] } {
  const asked: string[] = [];
  const read = async (name: string) => {
    asked.push(name);
    const content = files[name];
    if (content === undefined)
      throw new ConfigError(`${name}: there is no such file`, { code: "document/no-file" });
    return typeof content === "string" ? new TextEncoder().encode(content) : content;
  };
  return { cwd: "/project", readFile: read, readUrl: read, asked };
}

const load = (content: string | Uint8Array, name = "doc.json"): Promise<LoadedDocument> =>
  loadDocument(name, memory({ [`/project/${name}`]: content }));

async function failure(promise: Promise<unknown>): Promise<ConfigError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError)) throw new Error(`expected a ConfigError, got ${String(error)}`);
  return error;
}

describe("what a document is, by its content", () => {
  test.each([
    ["openapi", '{"openapi": "3.1.0", "paths": {}}'],
    ["openapi", "swagger: '2.0'\npaths: {}"],
    ["openapi", "openapi: 3.0\npaths: {}"],
    ["json-schema", '{"$schema": "https://json-schema.org/draft/2020-12/schema"}'],
    ["json-schema", '{"type": "object", "properties": {}}'],
    ["json-schema", '{"$defs": {"a": {}}}'],
    ["json-schema", '{"oneOf": [{"type": "string"}]}'],
    ["json-schema", '{"type": "string"}'],
    ["json-schema", '{"type": ["string", "null"], "maxLength": 5, "title": "Name"}'],
    ["json-schema", '{"type": "array", "prefixItems": [{"type": "string"}]}'],
    ["json-schema", '{"$ref": "other.json#/a"}'],
    ["json-schema", '{"enum": ["a", "b"], "x-note": 1}'],
    ["json-schema", '{"not": {"const": 1}}'],
    ["har", '{"log": {"entries": []}}'],
    ["sample", '{"type": "charge", "amount": 1}'],
    ["sample", '{"type": "object", "id": 1}'],
    ["sample", '{"type": "object", "id": "x", "title": "A thing"}'],
    ["sample", '{"type": "string", "maxLength": 5, "amount": 1}'],
    ["sample", '{"title": "A thing", "description": "of ours"}'],
    ["sample", '{"items": [], "id": "x"}'],
    ["sample", '{"enum": "a"}'],
    ["sample", "[1, 2]"],
    ["sample", '{"a": 1}\n{"a": 2}\n'],
  ])("%s: %s", async (kind, content) => {
    expect((await load(content)).kind).toBe(kind);
  });

  test("a byte order mark is no content, in UTF-8 and UTF-16", async () => {
    expect((await load('\ufeff{"a": 1}')).root).toEqual({ a: 1 });
    expect((await load(Uint8Array.from(Buffer.from('\ufeff{"a": 1}', "utf16le")))).root).toEqual({ a: 1 });
  });

  test("a compressed file is called so, not broken JSON", async () => {
    await expect(load(Uint8Array.from(gzipSync("{}")))).rejects.toMatchObject({
      code: "document/compressed",
      message: expect.stringContaining("compressed with gzip"),
    });
  });

  test("JSON is JSON and YAML is YAML, whatever the name says", async () => {
    expect((await load('{"a": 1}', "doc.yaml")).format).toBe("json");
    expect((await load("a: 1\n", "doc.txt")).format).toBe("yaml");
    expect((await load('{"a": 1}\n{"a": 2}', "doc.txt")).format).toBe("ndjson");
  });

  test("dates, yes and no of YAML stay text; lone surrogates are no trouble", async () => {
    expect((await load("d: 2020-01-01\ny: yes\nn: ~\n", "d.yaml")).root).toEqual({
      d: "2020-01-01",
      y: "yes",
      n: null,
    });
    expect((await load('{"a": "\\ud800"}')).root).toEqual({ a: "\ud800" });
  });
});

describe("what cannot be read says where", () => {
  test.each([
    ["broken JSON", '{\n  "a": 1,\n  "b" 2\n}', "document/invalid-json", 3, "doc.json"],
    ["NaN", '{\n"a": NaN}', "document/invalid-json", 2, "doc.json"],
    ["JSON that ends in the middle", '{\n"a": [1,\n', "document/invalid-json", 2, "doc.json"],
    ["a broken line of many", '{"a": 1}\n{"a": 2}\n{"a":\n', "document/invalid-json", 3, "doc.ndjson"],
    ["broken YAML", "a: 1\nb: [1\nc: 2\n", "document/invalid-yaml", 3, "doc.yaml"],
    ["YAML that is nested too deeply", "[".repeat(5000), "document/invalid-yaml", 1, "doc.yaml"],
    ["HTML", "\n<!doctype html>", "document/markup", 2, "doc.json"],
    ["nothing", "  \n", "document/empty", 1, "doc.json"],
    [
      "OpenAPI of a later day",
      '{\n"openapi": "9.0.0", "paths": {}}',
      "document/unknown-version",
      2,
      "doc.json",
    ],
    ["Swagger of an earlier day", "swagger: '1.2'\napis: []\n", "document/unknown-version", 1, "doc.yaml"],
    ["a list of paths", "openapi: 3.1.0\npaths: []\n", "document/invalid-paths", 2, "doc.yaml"],
  ])("%s", async (_, content, code, line, name) => {
    const error = await failure(load(content, name));
    expect([error.code, error.exitCode]).toEqual([code, 2]);
    expect(error.problems[0]?.location).toMatchObject({ file: name, line });
  });

  test("10,000 levels of JSON are no trouble", async () => {
    expect((await load("[".repeat(10_000) + "]".repeat(10_000))).kind).toBe("sample");
  });

  test.each([
    ["JSON", '{"a": 1,\n "a": 2}', "doc.json"],
    ["YAML", "a: 1\na: 2\n", "doc.yaml"],
  ])("a repeated key of %s is a problem; the last one counts", async (_, content, name) => {
    const { root, problems } = await load(content, name);
    expect(root).toEqual({ a: 2 });
    expect(problems.all.map(({ code, source }) => [code, source.line])).toEqual([
      ["document/repeated-key", 2],
    ]);
  });

  test("the column of a repeated key counts characters as editors do, whatever stands before it", async () => {
    const { problems } = await load('\ufeff{"é": "€ 😀 \\" {", "b": 1, "é": 2}', "doc.json");
    expect(problems.all.map(({ source }) => [source.line, source.column])).toEqual([[1, 28]]);
  });

  test("an unknown dialect", async () => {
    const { problems } = await load('{"$schema": "https://example.com/my-schema"}');
    expect(problems.all.map(({ code }) => code)).toEqual(["document/unknown-dialect"]);
  });
});

describe("references to other documents", () => {
  const codes = ({ problems }: LoadedDocument) => problems.all.map(({ code }) => code);

  test("files beside it, and files beside those", async () => {
    const access = memory({
      "/project/api/root.json": '{"type": "object", "properties": {"a": {"$ref": "parts/a.yaml#/A"}}}',
      "/project/api/parts/a.yaml": "A: {$ref: 'b.json'}\n",
      "/project/api/parts/b.json": '{"type": "string"}',
    });
    const document = await loadDocument("api/root.json", access);
    const property = shapeOfDocument(document).objects[0]?.properties.get("a")?.shape;
    expect(property?.strings).toHaveLength(1);
    expect(property?.source?.file).toBe("/project/api/parts/b.json");
    expect(codes(document)).toEqual([]);
  });

  test("a file that is not there is a problem with its place, not a failure", async () => {
    const document = await load('{\n"properties": {\n"a": {"$ref": "gone.json"}}}');
    const [problem] = document.problems.all;
    expect([problem?.code, problem?.source.pointer]).toEqual([
      "document/reference-not-followed",
      "/properties/a/$ref",
    ]);
    expect(document.locator.locate(problem ? [problem.source] : [])).toEqual([{ line: 3, column: 7 }]);
    expect(shapeOfDocument(document).objects[0]?.properties.get("a")?.shape.opaque).toHaveLength(1);
  });

  test("a file outside the document's directory and the working directory is not even read, unless that is allowed", async () => {
    const files = {
      "/project/doc.json":
        '{"properties": {"a": {"$ref": "../etc/shared.json"}, "b": {"$ref": "file:///etc/b.json"}}}',
      "/etc/shared.json": '{"type": "string"}',
      "/etc/b.json": '{"type": "string"}',
    };
    const refusing = memory(files);
    const { problems } = await loadDocument("doc.json", refusing, { allowOutsideRefs: false });
    expect(problems.all.map(({ message }) => message)).toEqual([
      expect.stringContaining("--allow-outside-refs"),
      expect.stringContaining("--allow-outside-refs"),
    ]);
    expect(refusing.asked).toEqual(["/project/doc.json"]);
    expect(codes(await loadDocument("doc.json", memory(files), { allowOutsideRefs: true }))).toEqual([]);
  });

  test("where nothing can be allowed, no flag is named", async () => {
    const text = '{"properties": {"a": {"$ref": "../../x.json"}, "b": {"$ref": "https://x.test/b.json"}}}';
    const messages = (await load(text)).problems.all.map(({ message }) => message);
    expect(messages).toHaveLength(2);
    for (const message of messages) expect(message).toMatch(/put all of it into one document first$/);
  });

  test.each([
    ["a directory above the document's that is worked in", "/project/api/v1/doc.json", "../shared.json"],
    ["the document's own, wherever one works", "/elsewhere/doc.json", "parts/..a.json"],
  ])("references lead below %s", async (_, name, reference) => {
    const target = new URL(reference, `file://${name}`).pathname;
    const files = {
      [name]: `{"properties": {"a": {"$ref": "${reference}"}}}`,
      [target]: '{"type": "string"}',
    };
    expect(codes(await loadDocument(name, memory(files)))).toEqual([]);
  });

  test("a URL is followed only where that is allowed", async () => {
    const files = {
      "/project/doc.json": '{"properties": {"a": {"$ref": "https://x.test/s.json"}}}',
      "https://x.test/s.json": '{"type": "string"}',
    };
    const refusing = memory(files);
    expect(codes(await loadDocument("doc.json", refusing))).toEqual(["document/reference-not-followed"]);
    expect(refusing.asked).toEqual(["/project/doc.json"]);
    expect(codes(await loadDocument("doc.json", memory(files), { allowRemoteRefs: true }))).toEqual([]);
  });

  test("a remote document never leads to the file system", async () => {
    const access = memory({
      "https://x.test/doc.json":
        '{"properties": {"a": {"$ref": "file:///etc/passwd"}, "b": {"$ref": "s.json"}}}',
      "https://x.test/s.json": '{"$ref": "file:///etc/shadow"}',
    });
    const document = await loadDocument("https://x.test/doc.json", access, { allowRemoteRefs: true });
    expect(access.asked).toEqual(["https://x.test/doc.json", "https://x.test/s.json"]);
    expect(codes(document)).toEqual(["document/reference-not-followed", "document/reference-not-followed"]);
  });

  test("references in examples are data, and an identifier of the document itself is no other document", async () => {
    const access = memory({
      "/project/doc.json": JSON.stringify({
        openapi: "3.1.0",
        components: {
          schemas: { A: { $id: "https://x.test/a", type: "string", example: { $ref: "https://x.test/no" } } },
          examples: { e: { value: { $ref: "other.json" } } },
        },
        paths: {
          "/a": {
            get: {
              responses: {
                200: {
                  content: {
                    "application/json": { schema: { $ref: "https://x.test/a" }, example: { $ref: "x.json" } },
                  },
                },
              },
            },
          },
        },
      }),
    });
    expect(codes(await loadDocument("doc.json", access))).toEqual([]);
    expect(access.asked).toHaveLength(1);
  });
});

describe("places are found when somebody asks", () => {
  const locate = async (content: string, name: string, pointers: string[]) => {
    const { locator } = await load(content, name);
    return locator.locate(pointers.map((pointer) => ({ file: name, pointer })));
  };

  test("in JSON", async () => {
    const text = '{\n "a": {"x": "}\\"", "b": [1,\n  {"c": 2}]},\n "p/q": 1}';
    expect(await locate(text, "d.json", ["/a/b/1/c", "/p~1q", "/a/none", ""])).toEqual([
      { line: 3, column: 4 },
      { line: 4, column: 2 },
      { line: 2, column: 2 },
      { line: 1, column: 1 },
    ]);
  });

  test("in JSON behind characters of more than one byte, and under escaped names", async () => {
    const text = '{"é€😀": "😀", "a\\u0062": {"c": 1}}';
    expect(await locate(text, "d.json", ["/ab", "/ab/c"])).toEqual([
      { line: 1, column: text.indexOf('"a\\u') + 1 },
      { line: 1, column: text.indexOf('"c"') + 1 },
    ]);
  });

  test("in YAML", async () => {
    const text = "a:\n  b:\n  - 1\n  - c: 2\n  'p/q': {r: 1}\n";
    expect(await locate(text, "d.yaml", ["/a/b/1/c", "/a/p~1q/r", "/a/none"])).toEqual([
      { line: 4, column: 5 },
      { line: 5, column: 11 },
      { line: 1, column: 1 },
    ]);
  });
});

test("of a file that a reference leads to and that is no document, nothing is quoted", async () => {
  const schema = '{"type": "object", "properties": {"a": {"$ref": "../etc/passwd"}}}';
  const access = memory({ "/project/a.json": schema, "/etc/passwd": "mallory:x:0:0" });
  const loaded = await loadDocument("a.json", access);
  expect(loaded.problems.all).toMatchObject([{ code: "document/reference-not-followed" }]);
  shapeOfDocument(loaded);
  expect(JSON.stringify(loaded.problems.all)).not.toContain("mallory");
});

describe("what may not fit into the memory that is left", () => {
  const read = (text: string, room: number, name = "doc.json") =>
    loadDocument(name, { ...memory({ [`/project/${name}`]: text }), room: () => room });
  const KB = 1024;

  test.each([
    ["values", JSON.stringify(Array.from({ length: 1000 }, (_, id) => ({ id, on: true })))],
    ["empty lists, each three bytes", `[${"[],".repeat(3000)}[]]`],
    ["YAML, by its lines", "- id: 1\n".repeat(1000)],
  ])("is refused by its name before it is read: %s", async (_, text) => {
    const error = await failure(read(text, 100 * KB));
    expect(error.code).toBe("document/too-large-for-memory");
    expect(error.message).toMatch(/^doc\.json cannot be read: It may take 1 MB of memory/);
    expect(error.hint).toContain("--max-old-space-size");
    expect((await read(text, 10_000 * KB)).kind).toBe("sample");
  });

  test("long texts weigh what they are long", async () => {
    const text = JSON.stringify({ note: "x".repeat(50 * KB) });
    expect((await read(text, 100 * KB)).kind).toBe("sample");
    expect((await failure(read(text, 60 * KB))).code).toBe("document/too-large-for-memory");
  });
});
