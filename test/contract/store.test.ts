import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import { Deepening, recordContract } from "../../src/contract/record.ts";
import { formatContract, parseContract, readContract, writeContract } from "../../src/contract/store.ts";
import { temporaryDirectory } from "../support/cli.ts";
import { value } from "./arbitrary-shape.ts";
import { answer, contractOf, times } from "./samples.ts";

const record = (values: readonly unknown[]) =>
  recordContract(
    values.map((one) => answer(one)),
    { request: "GET /things", title: "things" },
  );
const samples = fc.array(value, { minLength: 1, maxLength: 8 });

describe("a contract's file", () => {
  test("comes back as it was written, whatever was learned", () => {
    fc.assert(
      fc.property(samples, (values) => {
        const text = formatContract(record(values));
        expect(formatContract(parseContract(text))).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  test("is a JSON Schema by which every recorded answer is valid", () => {
    fc.assert(
      fc.property(samples, (values) => {
        const ajv = new Ajv2020({ strict: false, validateFormats: false, ownProperties: true });
        const validate = ajv.compile(JSON.parse(formatContract(record(values))));
        for (const one of values) expect(validate(one)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test("does not depend on the order of the samples", () => {
    fc.assert(
      fc.property(samples, (values) => {
        expect(formatContract(record([...values].reverse()))).toBe(formatContract(record(values)));
      }),
    );
  });

  test("reads well", () => {
    const values = times(4, (n) => ({
      id: n,
      tags: ["a"],
      ...(n === 0 ? {} : { email: n === 1 ? null : "x" }),
    }));
    expect(formatContract(record(values))).toBe(`{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "things",
  "x-integ": {
    "contract": 1,
    "request": "GET /things",
    "status": 200,
    "contentType": "application/json",
    "samples": 4
  },
  "type": "object",
  "properties": {
    "email": {
      "type": ["string", "null"],
      "x-integ": { "seen": 3, "null": 1 }
    },
    "id": {
      "type": "integer",
      "x-integ": { "log10": [0, 0.3, 1] }
    },
    "tags": {
      "type": "array",
      "items": {
        "type": "string",
        "x-integ": { "seen": 4 }
      }
    }
  },
  "required": [
    "id",
    "tags"
  ]
}
`);
  });
});

describe("a file that is no contract is refused: it would pass for one that allows everything", () => {
  test.each([
    ["an OpenAPI document", { openapi: "3.1.0", info: {}, paths: {} }],
    ["a HAR recording", { log: { entries: [] } }],
    ["an answer", { id: 1, email: "a" }],
  ])("%s", (_, json) => {
    expect(() => parseContract(JSON.stringify(json))).toThrow("not a contract");
  });

  test.each([[{}], [true], [{ type: "string" }], [{ $ref: "#/$defs/a", $defs: { a: {} } }]])(
    "%j is a schema",
    (json) => expect(() => parseContract(JSON.stringify(json))).not.toThrow(),
  );
});

describe("on disk", () => {
  test("is made with its directory, and read back", async () => {
    const file = join(await temporaryDirectory(), "v1", "contract", "get-thing.json");
    const contract = contractOf([{ a: 1 }]);
    await writeContract(file, contract);
    expect(formatContract((await readContract(file)) ?? contractOf([1]))).toBe(await readFile(file, "utf8"));
  });

  test("is undefined where there is none", async () => {
    expect(await readContract(join(await temporaryDirectory(), "none.json"))).toBeUndefined();
  });

  test.each([
    ["not JSON", "<<<<<<< HEAD", "cannot be read"],
    ["of a later generation", '{"x-integ": {"contract": 2}}', "reads generation 1"],
    ["of a type that there is not", '{"properties": {"a": {"type": "text"}}}', "/properties/a"],
    ["no schema", '{"properties": {"a": 5}}', "must be an object or a boolean"],
    ["nested without end", `${'{"items":'.repeat(5000)}true${"}".repeat(5000)}`, "1000 levels"],
  ])("says what is wrong with a file that is %s", async (_what, text, reason) => {
    const directory = await temporaryDirectory();
    await mkdir(directory, { recursive: true });
    const file = join(directory, "broken.json");
    await writeFile(file, text);
    const error = await readContract(file).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain(reason);
  });
});

test("deepening adds evidence and keeps what the contract says", () => {
  const values = times(60, (n) => ({ status: ["open", "closed"][n % 2], id: `cus_${n}aB3dE5fG7hI9` }));
  const before = contractOf(values);
  const deepening = new Deepening(before);
  for (const one of values.slice(0, 5)) deepening.add(answer(one));
  const after = deepening.contract();
  expect(after.samples).toBe(65);
  const lines = (text: string) => text.split("\n").filter((line) => !line.includes("samples"));
  expect(lines(formatContract(after))).toEqual(lines(formatContract(before)));
});
