import { describe, expect, test } from "vitest";
import { plainStyle } from "../../src/base/style.ts";
import { fieldsOf } from "../../src/check/consumer/fields.ts";
import { run } from "../../src/commands/usage/run.ts";
import { infer } from "../../src/contract/infer.ts";
import { formatContract } from "../../src/contract/store.ts";
import { projectWith, quietContext, shop } from "./project.ts";

const SAMPLES = Array.from({ length: 40 }, (_, i) => ({
  id: `t_${i}`,
  email: i % 3 === 0 ? null : `p${i}@example.com`,
  raw: { deep: i },
  items: [{ sku: `s${i}`, price: i + 0.5 }],
  ...(i % 2 ? { nick: "n" } : {}),
}));

const SCHEMAS = `import * as z from "zod";
const Item = z.object({
  sku: z.string(),
});
export const Thing = z.object({
  id: z.string(),
  email: z.string().nullable(),
  raw: z.unknown(),
  items: z.array(Item),
  nick: z.string().optional(),
});
`;

async function projectWithContract() {
  const contract = {
    shape: await infer(SAMPLES),
    request: "GET /thing",
    status: 200,
    contentType: "application/json",
    samples: SAMPLES.length,
    headers: [],
    title: "",
  };
  return projectWith({
    ...shop("http://127.0.0.1:9", { schemas: SCHEMAS, manifest: "  other: { request: GET /other }" }),
    "src/integrations/acme/v1/contract/get-thing.json": formatContract(contract),
  });
}

describe("integ usage", () => {
  test("says of each field whether our schema needs, reads or never looks at it, and on which line", async () => {
    const cwd = await projectWithContract();
    const { data, text } = await run({ targets: [], env: undefined, unused: false }, quietContext(cwd));
    const file = "src/integrations/acme/v1/schemas.ts";
    expect(data?.endpoints).toEqual([
      expect.objectContaining({
        endpoint: "get-thing",
        fields: [
          { path: "$.email", type: "string or null", always: true, usage: "required", line: `${file}:7` },
          { path: "$.id", type: "string", always: true, usage: "required", line: `${file}:6` },
          { path: "$.items", type: "array", always: true, usage: "required", line: `${file}:9` },
          { path: "$.items[*].price", type: "number", always: true, usage: "unused" },
          { path: "$.items[*].sku", type: "string", always: true, usage: "required", line: `${file}:3` },
          { path: "$.nick", type: "string", always: false, usage: "optional", line: `${file}:10` },
          { path: "$.raw", type: "object", always: true, usage: "required", line: `${file}:8` },
          { path: "$.raw.deep", type: "integer", always: true, usage: "open" },
        ],
      }),
      expect.objectContaining({ endpoint: "other", unknown: "the manifest names no `consumer`" }),
    ]);
    expect(text?.({ style: plainStyle, columns: 120 })).toContain("6 of 8 fields used");
  });

  test("a contract that is broken is told with its line, and takes nothing from the others", async () => {
    const cwd = await projectWith({
      ...shop("http://127.0.0.1:9", {
        schemas: SCHEMAS,
        manifest: "  other: { request: GET /other, consumer: Thing }",
      }),
      "src/integrations/acme/v1/contract/get-thing.json": '{\n  "type": "object",\n',
      "src/integrations/acme/v1/contract/other.json": formatContract({
        shape: await infer(SAMPLES),
        request: "GET /elsewhere",
        status: 200,
        contentType: "application/json",
        samples: SAMPLES.length,
        headers: [],
        title: "",
      }),
    });
    const { data, findings } = await run({ targets: [], env: undefined, unused: false }, quietContext(cwd));
    expect(findings).toEqual([
      expect.objectContaining({
        rule: "contract/unreadable",
        endpoint: "get-thing",
        location: expect.objectContaining({
          file: "src/integrations/acme/v1/contract/get-thing.json",
          line: 2,
        }),
      }),
    ]);
    expect(data?.endpoints).toEqual([
      expect.objectContaining({ endpoint: "get-thing", unknown: "its contract cannot be read" }),
      expect.objectContaining({ endpoint: "other", fields: expect.arrayContaining([]) }),
    ]);
  });

  test("--unused leaves what our schema does not read", async () => {
    const cwd = await projectWithContract();
    const { text } = await run(
      { targets: ["acme/get-thing"], env: undefined, unused: true },
      quietContext(cwd),
    );
    const shown = text?.({ style: plainStyle, columns: 120 });
    expect(shown).toContain("$.items[*].price");
    expect(shown).not.toContain("$.email");
  });
});

test("fields of recursive and many-armed shapes are listed once and end", async () => {
  const shape = await infer([{ a: { b: 1 } }, { a: { b: "x", c: [[1]] } }, { a: null }]);
  const paths = fieldsOf(shape).map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths).toContain("$.a.b");
});
