import { describe, expect, test } from "vitest";
import { schemaLocator } from "../../../../src/check/consumer/source/locate.ts";
import { parsePath } from "../../../../src/check/path.ts";

/** The place of `path` in the export `A` of the first file, as `line: text under the marker`. */
function place(files: Record<string, string>, path: string, name = "A"): string | undefined {
  const locator = schemaLocator((file) => files[file]);
  const [main = ""] = Object.keys(files);
  const found = locator.locate(main, name, parsePath(path) ?? []);
  if (!found) return undefined;
  const { file, line, column, endColumn = column } = found.location;
  const text = files[file]?.split("\n")[line - 1]?.slice(column - 1, endColumn - 1);
  return `${file.replace("/p/", "")}:${line} ${text}`;
}

const one = (code: string, path: string) => place({ "/p/s.ts": `import * as z from "zod";\n${code}` }, path);

describe("the line of a consumer schema that says a property", () => {
  test.each([
    ["a property of an object", "export const A = z.object({\n  id: z.string(),\n});", "$.id", "s.ts:3 id"],
    ["the schema itself", "export const A = z.object({ id: z.string() });", "$", "s.ts:2 A"],
    [
      "a nested object",
      "export const A = z.object({\n o: z.looseObject({\n  id: z.string() }) });",
      "$.o.id",
      "s.ts:4 id",
    ],
    [
      "an item of an array",
      "export const A = z.object({ data: z.array(\n z.object({ id: z.string() })) });",
      "$.data[*].id",
      "s.ts:3 id",
    ],
    [
      "an array by method",
      "const B = z.object({\n id: z.string() });\nexport const A = B.array();",
      "$[*].id",
      "s.ts:3 id",
    ],
    [
      "a local constant",
      "const B = z.object({\n id: z.string() });\nexport const A = z.object({ b: B.optional() });",
      "$.b.id",
      "s.ts:3 id",
    ],
    [
      "an extended object, base",
      "const B = z.object({\n id: z.string() });\nexport const A = B.extend({ x: z.int() });",
      "$.id",
      "s.ts:3 id",
    ],
    [
      "an extended object, the later definition wins",
      "const B = z.object({ id: z.string() });\nexport const A = B.extend({\n id: z.int() });",
      "$.id",
      "s.ts:4 id",
    ],
    [
      "a spread shape",
      "const B = z.object({\n id: z.string() });\nexport const A = z.object({ ...B.shape, x: z.int() });",
      "$.id",
      "s.ts:3 id",
    ],
    [
      "a getter of a recursive schema",
      "export const A = z.object({\n id: z.string(),\n get parent() { return A.nullable(); } });",
      "$.parent.parent.id",
      "s.ts:3 id",
    ],
    [
      "the getter itself",
      "export const A = z.object({\n id: z.string(),\n get parent() { return A; } });",
      "$.parent",
      "s.ts:4 parent",
    ],
    [
      "wrappers as functions",
      "export const A = z.object({ o: z.optional(z.nullable(z.object({\n id: z.string() }))) });",
      "$.o.id",
      "s.ts:3 id",
    ],
    [
      "a union",
      "export const A = z.union([z.string(), z.object({\n id: z.string() })]);",
      "$.id",
      "s.ts:3 id",
    ],
    [
      "a discriminated union",
      'export const A = z.discriminatedUnion("k", [z.object({ k: z.literal("a") }), z.object({\n k: z.literal("b"), y: z.int() })]);',
      "$.y",
      "s.ts:3 y",
    ],
    [
      "an intersection by method",
      "export const A = z.object({ a: z.int() }).and(z.object({\n b: z.int() }));",
      "$.b",
      "s.ts:3 b",
    ],
    [
      "members of a dictionary",
      "export const A = z.object({ rates: z.record(z.string(), z.object({\n rate: z.number() })) });",
      "$.rates.*.rate",
      "s.ts:3 rate",
    ],
    [
      "a name in a dictionary",
      "export const A = z.object({ rates: z.record(z.string(), z.object({\n rate: z.number() })) });",
      "$.rates.eur.rate",
      "s.ts:3 rate",
    ],
    [
      "a lazy schema",
      "const B = z.object({\n id: z.string() });\nexport const A = z.lazy(() => B);",
      "$.id",
      "s.ts:3 id",
    ],
    [
      "a generic helper",
      "const list = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item) });\nconst B = z.object({\n id: z.string() });\nexport const A = list(B);",
      "$.data[*].id",
      "s.ts:4 id",
    ],
    [
      "a helper function with a body",
      "function list(item: z.ZodType) {\n const data = z.array(item);\n return z.object({ data });\n}\nexport const A = list(z.object({\n id: z.string() }));",
      "$.data[*].id",
      "s.ts:7 id",
    ],
    [
      "a property of another shape",
      "const B = z.object({ m: z.object({\n v: z.int() }) });\nexport const A = z.object({ m: B.shape.m });",
      "$.m.v",
      "s.ts:3 v",
    ],
    [
      "a quoted name",
      "export const A = z.object({\n 'odd-name': z.string() });",
      "$['odd-name']",
      "s.ts:3 'odd-name'",
    ],
    [
      "satisfies and transforms",
      "export const A = z.object({\n id: z.string().transform(Number) }).transform((v) => v) satisfies z.ZodType;",
      "$.id",
      "s.ts:3 id",
    ],
    [
      "a preprocessed schema",
      "export const A = z.preprocess((v) => v, z.object({\n id: z.string() }));",
      "$.id",
      "s.ts:3 id",
    ],
    [
      "a property it does not know: the closest it knows",
      "export const A = z.object({\n o: z.object({ id: z.string() }) });",
      "$.o.gone",
      "s.ts:3 o",
    ],
  ])("%s", (_, code, path, expected) => {
    expect(one(code, path)).toBe(expected);
  });

  test("is found across files: named, namespace and star imports, extensions left out or written as .js", () => {
    const files = {
      "/p/s.ts": [
        'import { z } from "zod";',
        'import { Money as Cash } from "./parts/money.js";',
        'import * as parts from "./parts";',
        "export const A = z.object({ m: Cash, o: parts.Owner });",
      ].join("\n"),
      "/p/parts/money.ts":
        'import { object, int } from "zod";\nexport const Money = object({\n value: int() });',
      "/p/parts/index.ts": 'export * from "./owner.ts";',
      "/p/parts/owner.ts": 'import z from "zod";\nexport const Owner = z.object({\n name: z.string() });',
    };
    expect(place(files, "$.m.value")).toBe("parts/money.ts:3 value");
    expect(place(files, "$.o.name")).toBe("parts/owner.ts:3 name");
  });

  test("is found through a re-export", () => {
    const files = {
      "/p/s.ts": 'export { Inner as A } from "./inner";',
      "/p/inner.ts": 'import * as z from "zod";\nexport const Inner = z.object({\n id: z.string() });',
    };
    expect(place(files, "$.id")).toBe("inner.ts:3 id");
  });

  test("is not guessed: no such export, endless recursion, broken syntax", () => {
    expect(one("export const B = z.string();", "$.id")).toBeUndefined();
    expect(one("const B: z.ZodType = B;\nexport const A = B;", "$.id")).toBe("s.ts:3 A");
    expect(one("export const A = ", "$.id")).toBeUndefined();
    expect(place({ "/p/s.ts": 'export * from "./s.ts";' }, "$.id")).toBeUndefined();
  });
});
