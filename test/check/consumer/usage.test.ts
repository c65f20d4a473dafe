import { describe, expect, test } from "vitest";
import * as z from "zod";
import { usageOf } from "../../../src/check/consumer/usage.ts";
import { parsePath } from "../../../src/check/path.ts";

const Node = z.object({
  id: z.string(),
  get next() {
    return Node.optional();
  },
});

const schema = z.object({
  id: z.string(),
  name: z.string().optional(),
  note: z.string().nullable(),
  withDefault: z.string().default("x"),
  raw: z.unknown(),
  rates: z.record(z.string(), z.object({ value: z.number() })),
  loose: z.looseObject({ known: z.string() }),
  strict: z.strictObject({ known: z.string() }),
  list: z.array(z.object({ id: z.string(), tag: z.string().optional() })),
  pair: z.tuple([z.object({ a: z.int() }), z.string()]),
  owner: z.union([z.string(), z.object({ email: z.string() })]),
  method: z.discriminatedUnion("type", [
    z.object({ type: z.literal("card"), last4: z.string() }),
    z.object({ type: z.literal("bank"), iban: z.string().optional() }),
  ]),
  both: z.object({ x: z.int() }).and(z.object({ y: z.int().optional() })),
  chain: Node,
});
const json = { ...z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) };

describe("how a consumer schema uses a place of the response", () => {
  test.each([
    ["$", "required"],
    ["$.id", "required"],
    ["$.name", "optional"],
    ["$.note", "required"],
    ["$.withDefault", "optional"],
    ["$.gone", "unused"],
    ["$.id.below", "unused"],
    ["$.raw", "required"],
    ["$.raw.deep.inside", "open"],
    ["$.rates.eur", "optional"],
    ["$.rates.*.value", "required"],
    ["$.rates.eur.other", "unused"],
    ["$.loose.known", "required"],
    ["$.loose.other", "unused"],
    ["$.strict.other", "closed"],
    ["$.strict.other.deep", "closed"],
    ["$.list[*].id", "required"],
    ["$.list[*].tag", "optional"],
    ["$.list[*].gone", "unused"],
    ["$.pair[*].a", "required"],
    ["$.owner.email", "required"],
    ["$.method.last4", "required"],
    ["$.method.iban", "optional"],
    ["$.both.x", "required"],
    ["$.both.y", "optional"],
    ["$.chain.next.next.id", "required"],
    ["$.chain.next.next.gone", "unused"],
    ["$.toString", "unused"],
  ])("%s is %s", (path, usage) => {
    expect(usageOf(json, parsePath(path) ?? [])).toBe(usage);
  });

  test.each(["100% child", "a/b", "~tilde", "Plain"])("a definition called %s is followed", (id) => {
    const child = z.object({ a: z.int() }).meta({ id });
    const named = { ...z.toJSONSchema(z.object({ child }), { io: "input" }) };
    expect(usageOf(named, parsePath("$.child.a") ?? [])).toBe("required");
    expect(usageOf(named, parsePath("$.child.b") ?? [])).toBe("unused");
  });
});
