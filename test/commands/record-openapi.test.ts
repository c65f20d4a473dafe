import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { judge } from "../../src/contract/judge.ts";
import { formatContract, parseContract } from "../../src/contract/store.ts";
import { answer } from "../contract/samples.ts";
import { temporaryDirectory } from "../support/cli.ts";
import { integInProcess } from "../support/in-process.ts";

const MANIFEST = `name: acme
purpose: Payments
owner: us
baseUrl: http://127.0.0.1:1/v1
auth: { scheme: none }
active: v1
versions: { v1: {} }
endpoints:
  get-folder: { request: GET /folders/7?deep=true }
  get-file: { request: GET /v1/file/1 }
  get-logo: { request: GET /v1/logo, expect: { status: 200 } }
`;

/** A folder holds folders; names of files come in two places. */
const DOCUMENT = `openapi: 3.1.0
info: { title: Acme, version: "1" }
paths:
  /v1/folders/{id}:
    get:
      responses:
        "200":
          description: a folder
          headers: { ETag: { required: true, schema: { type: string } } }
          content: { application/json: { schema: { $ref: "#/components/schemas/Folder" } } }
  /v1/files/{id}:
    get: { responses: { "200": { description: a file, content: { application/json: { schema: { type: object } } } } } }
  /v1/logo:
    get: { responses: { "200": { description: a picture, content: { image/png: {} } } } }
components:
  schemas:
    Folder:
      type: object
      required: [name, cover, children]
      properties:
        name: { type: string }
        cover: { $ref: "#/components/schemas/File" }
        files: { type: array, items: { $ref: "#/components/schemas/File" } }
        children: { type: array, items: { $ref: "#/components/schemas/Folder" } }
    File: { type: object, required: [name], properties: { name: { type: string } } }
`;

async function project() {
  const root = await temporaryDirectory();
  const directory = join(root, "src/integrations/acme");
  await mkdir(join(directory, "v1"), { recursive: true });
  await writeFile(join(root, "integ.config.yaml"), "environments:\n  dev: {}\n");
  await writeFile(join(directory, "integration.yaml"), MANIFEST);
  await writeFile(join(root, "api.yaml"), DOCUMENT);
  const contracts = join(directory, "v1/contract");
  const record = async (...args: string[]) => {
    const { code, stdout, stderr } = await integInProcess(["record", ...args, "--json"], { cwd: root });
    const report = JSON.parse(stdout) as {
      error?: { code: string; message: string };
      findings?: { rule: string; message: string; help: string; endpoint: string }[];
      contracts?: { state: string }[];
    };
    return { code, stderr, ...report, states: report.contracts?.map(({ state }) => state) };
  };
  return { root, record, contracts, file: join(contracts, "get-folder.json") };
}

describe("integ record --from-openapi", () => {
  test("writes what is promised; what the document does not describe is said, and stops nothing else", async () => {
    const { record, contracts } = await project();
    const { code, states, findings = [] } = await record("--from-openapi", "api.yaml");
    expect([code, states]).toEqual([1, ["failed", "recorded", "failed"]]);
    expect(findings.map(({ rule, message, help }) => [rule, message, help])).toEqual([
      [
        "contract/not-in-document",
        "api.yaml has no operation GET /v1/file/1",
        "did you mean `GET /v1/files/{id}`?",
      ],
      [
        "contract/not-in-document",
        "api.yaml describes no JSON answer of GET /v1/logo with status 200 (documented: 200)",
        expect.stringContaining("integ record"),
      ],
    ]);
    expect(await readdir(contracts)).toEqual(["get-folder.json"]);
  });

  test("a schema that contains itself is written once, comes back as it was, and judges live answers for certain", async () => {
    const { record, file } = await project();
    await record("acme/get-folder", "--from-openapi", "api.yaml");
    const text = await readFile(file, "utf8");
    expect(Object.keys(JSON.parse(text).$defs)).toEqual(["File", "Folder"]);
    const contract = parseContract(text);
    expect(formatContract(contract)).toBe(text);
    const leaf = { name: "a", cover: { name: "c" }, children: [] };
    const judged = (children: unknown[]) =>
      judge({ contract, samples: [answer({ ...leaf, children }, { headers: { etag: '"1"' } })] }).map(
        ({ severity, rule, path }) => `${severity} ${rule} ${path}`,
      );
    expect(judged([leaf])).toEqual([]);
    expect(judged([{ ...leaf, cover: {}, children: [{ ...leaf, name: 1 }] }])).toEqual([
      "error contract/type-changed $.children[*].children[*].name",
      "error contract/property-removed $.children[*].cover.name",
    ]);
  });

  test("patterns and positions of a declared contract are kept, also where no regular expression can be made of one", () => {
    const contract = parseContract(
      JSON.stringify({
        "x-integ": { contract: 1, request: "GET /", status: 200, samples: 0 },
        type: "object",
        properties: {
          pair: { type: "array", prefixItems: [{ type: "string" }], items: { type: "integer" } },
        },
        patternProperties: { "^x-": { type: "integer" }, "(?i)^y": { type: "integer" } },
      }),
    );
    expect(parseContract(formatContract(contract))).toMatchObject({ samples: 0 });
    const said = judge({ contract, samples: [answer({ pair: ["a", 1], "x-a": "1", Yes: 1 })] });
    expect(said.filter(({ severity }) => severity === "error").map(({ rule }) => rule)).toEqual([
      "contract/type-changed",
    ]);
  });

  test("recording again changes nothing; another contract is kept unless forced; --dry-run writes nothing", async () => {
    const { record, file, contracts } = await project();
    const from = ["acme/get-folder", "--from-openapi", "api.yaml"];
    expect((await record(...from, "--dry-run")).states).toEqual(["recorded"]);
    await expect(readdir(contracts)).rejects.toThrow("ENOENT");
    await record(...from);
    const text = await readFile(file, "utf8");
    expect((await record(...from)).states).toEqual(["unchanged"]);
    await writeFile(file, text.replace("acme get-folder", "ours"));
    expect((await record(...from)).states).toEqual(["other-source"]);
    expect(await readFile(file, "utf8")).toContain('"ours"');
    expect((await record(...from, "--force")).states).toEqual(["replaced"]);
    expect(await readFile(file, "utf8")).toBe(text);
  });

  test.each([
    ["a document that is none", ["--from-openapi", "integ.config.yaml"], "usage/no-openapi"],
    ["no such file", ["--from-openapi", "none.yaml"], "document/no-file"],
    ["two sources", ["--from-openapi", "api.yaml", "--from", "x.json"], "usage/sources"],
    ["a recording without a project", ["--from-har", "x.har", "--out", "-"], "usage/sources"],
    ["evidence from a document", ["--from-openapi", "api.yaml", "--deepen"], "usage/sources"],
  ])("%s is refused before anything is written", async (_, args, code) => {
    const { record, contracts } = await project();
    const refused = await record(...args);
    expect([refused.code, refused.error?.code]).toEqual([2, code]);
    await expect(readdir(contracts)).rejects.toThrow("ENOENT");
  });
});
