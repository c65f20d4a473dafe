import { describe, expect, test } from "vitest";
import { accepts } from "../../../src/contract/accepts.ts";
import { DIALECTS } from "../../../src/contract/document/dialect.ts";
import { readSchema } from "./support.ts";

describe("references", () => {
  test.each([
    [
      "a JSON pointer with escapes",
      { $defs: { "a/b~c %": { type: "string" } }, $ref: "#/$defs/a~1b~0c%20%25" },
    ],
    ["an anchor", { $defs: { s: { $anchor: "text", type: "string" } }, $ref: "#text" }],
    [
      "an identifier",
      {
        $id: "https://example.com/root",
        $defs: { s: { $id: "sub/s.json", type: "string" } },
        $ref: "https://example.com/sub/s.json",
      },
    ],
    [
      "relative to an embedded identifier",
      {
        $id: "https://example.com/a/",
        $defs: { x: { $id: "b/x", $ref: "y" }, y: { $id: "b/y", type: "string" } },
        $ref: "b/x",
      },
    ],
    [
      "a pointer within an embedded resource",
      {
        $defs: { x: { $id: "https://example.com/x", $defs: { t: { type: "string" } }, $ref: "#/$defs/t" } },
        $ref: "https://example.com/x",
      },
    ],
    [
      "$dynamicRef that nobody extends",
      { $defs: { s: { $dynamicAnchor: "t", type: "string" } }, $dynamicRef: "#t" },
    ],
  ])("%s", (_, schema) => {
    const { shape, problems } = readSchema(schema);
    expect(problems).toEqual([]);
    expect([accepts(shape, "text"), accepts(shape, 1)]).toEqual([true, false]);
  });

  test("$dynamicRef leads to the document's own anchor of that name", () => {
    const schema = {
      $id: "https://example.com/strict-tree",
      $dynamicAnchor: "node",
      $ref: "tree",
      unevaluatedProperties: false,
      $defs: {
        tree: {
          $id: "https://example.com/tree",
          $dynamicAnchor: "node",
          type: "object",
          properties: { data: true, children: { type: "array", items: { $dynamicRef: "#node" } } },
        },
      },
    };
    const { shape } = readSchema(schema);
    expect(accepts(shape, { children: [{ data: 1 }] })).toBe(true);
    expect(accepts(shape, { children: [{ daat: 1 }] })).toBe(false);
  });

  test("`id` of draft 4, and `#name` as an anchor of drafts 6 and 7", () => {
    const draft4 = {
      id: "http://x.test/a",
      definitions: { s: { id: "b", type: "string" } },
      properties: { p: { $ref: "b" } },
    };
    expect(accepts(readSchema(draft4, DIALECTS["draft-04"]).shape, { p: 1 })).toBe(false);
    const draft7 = { definitions: { s: { $id: "#s", type: "string" } }, properties: { p: { $ref: "#s" } } };
    expect(accepts(readSchema(draft7, DIALECTS["draft-07"]).shape, { p: 1 })).toBe(false);
  });

  test("what looks like a reference in an example or a default is data", () => {
    const schema = {
      type: "object",
      default: { $ref: "http://x.test/a" },
      examples: [{ $ref: "#/no" }],
      properties: { example: { $ref: "#/$defs/s" } },
      $defs: { s: { type: "string" } },
    };
    const { shape, problems } = readSchema(schema);
    expect(problems).toEqual([]);
    expect(accepts(shape, { example: 1 })).toBe(false);
  });
});

describe("recursion", () => {
  test("a cycle is an edge back to the same node", () => {
    const { shape } = readSchema({
      $defs: { n: { type: "object", properties: { next: { $ref: "#/$defs/n" } } } },
      $ref: "#/$defs/n",
    });
    expect(shape.objects[0]?.properties.get("next")?.shape).toBe(shape);
  });

  test("a reference to itself alone cannot be read, and says so", () => {
    const { shape, problems } = readSchema({
      $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } },
      $ref: "#/$defs/a",
    });
    expect(shape.opaque).toHaveLength(1);
    expect(problems.map(({ code }) => code)).toEqual(["document/unreadable-schema"]);
  });

  test("an intersection of recursive schemas ends", () => {
    const schema = {
      $defs: {
        a: { type: "object", properties: { p: { $ref: "#/$defs/a" }, q: { type: "string" } } },
        b: { type: "object", properties: { p: { $ref: "#/$defs/x" } } },
        x: { allOf: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/b" }] },
      },
      $ref: "#/$defs/x",
    };
    const { shape } = readSchema(schema);
    expect(accepts(shape, { p: { p: { p: { q: "deep" } } } })).toBe(true);
    expect(accepts(shape, { p: { p: { p: { q: 1 } } } })).toBe(false);
  });

  test("allOf that contains itself", () => {
    const { problems } = readSchema({
      $defs: { a: { allOf: [{ $ref: "#/$defs/a" }, { type: "object" }] } },
      $ref: "#/$defs/a",
    });
    expect(problems.length).toBeGreaterThan(0);
  });

  test("anyOf that contains itself adds nothing", () => {
    const { shape } = readSchema({
      $defs: { a: { anyOf: [{ $ref: "#/$defs/a" }, { type: "string" }] } },
      $ref: "#/$defs/a",
    });
    expect([accepts(shape, "a"), accepts(shape, 1)]).toEqual([true, false]);
  });
});
