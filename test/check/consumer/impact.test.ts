import { describe, expect, test } from "vitest";
import * as z from "zod";
import { type Finding, finding, type Severity } from "../../../src/base/finding.ts";
import { type Consumer, judgeForConsumer } from "../../../src/check/consumer/impact.ts";
import type { ParseOutcome } from "../../../src/check/consumer/protocol.ts";
import { parseSample } from "../../../src/check/consumer/zod-like.ts";
import { printPath } from "../../../src/check/path.ts";

const subject = { integration: "acme", version: "v1", environment: "dev", endpoint: "get-thing" };

async function consumerOf(schema: z.ZodType, samples: readonly unknown[]): Promise<Consumer> {
  const outcomes: ParseOutcome[] = [];
  for (const sample of samples) outcomes.push(await parseSample(schema, sample));
  return {
    name: "Thing",
    jsonSchema: { ...z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) },
    outcomes,
    place: (path) => ({ file: `schemas.ts ${printPath(path)}`, line: 1, column: 1 }),
  };
}

const drift = (rule: string, severity: Severity, path: string) =>
  finding({ rule: `contract/${rule}`, severity, message: "m", path, ...subject });

const judge = async (schema: z.ZodType, samples: readonly unknown[], drifts: readonly Finding[]) =>
  judgeForConsumer(drifts, await consumerOf(schema, samples), subject).map(
    ({ rule, severity, path, location }) => ({ rule, severity, path, at: location?.file }),
  );

const Thing = z.object({ id: z.string(), email: z.string(), nick: z.string().optional(), n: z.number() });
const whole = { id: "1", email: "e", nick: "n", n: 1, other: 1 };
const without = (key: keyof typeof whole) => {
  const { [key]: _gone, ...rest } = whole;
  return rest;
};

describe("severity is the consumer's", () => {
  test.each<[string, string, Severity, string, unknown, Severity, string | undefined]>([
    [
      "removed, and our schema needs it",
      "property-removed",
      "error",
      "$.email",
      without("email"),
      "error",
      "schemas.ts $.email",
    ],
    [
      "removed, and our schema reads it where it is",
      "property-removed",
      "error",
      "$.nick",
      without("nick"),
      "warning",
      "schemas.ts $.nick",
    ],
    [
      "removed, and our schema does not know it",
      "property-removed",
      "error",
      "$.other",
      without("other"),
      "info",
      undefined,
    ],
    [
      "became nullable, and our schema takes no null",
      "became-nullable",
      "warning",
      "$.email",
      { ...whole, email: null },
      "error",
      "schemas.ts $.email",
    ],
    [
      "became nullable, unused",
      "became-nullable",
      "error",
      "$.other",
      { ...whole, other: null },
      "info",
      undefined,
    ],
    ["type changed, used", "type-changed", "error", "$.n", { ...whole, n: "1" }, "error", "schemas.ts $.n"],
    [
      "integer to number, and our schema takes any number",
      "number-widened",
      "warning",
      "$.n",
      { ...whole, n: 1.5 },
      "warning",
      "schemas.ts $.n",
    ],
    [
      "enum value added, and our schema takes any string",
      "enum-value-added",
      "error",
      "$.email",
      whole,
      "info",
      "schemas.ts $.email",
    ],
    [
      "property added, and our schema ignores it",
      "property-added",
      "info",
      "$.brandNew",
      { ...whole, brandNew: 1 },
      "info",
      undefined,
    ],
    [
      "scale changed, used: accepted in silence and wrong",
      "scale-changed",
      "error",
      "$.n",
      { ...whole, n: 1000 },
      "error",
      "schemas.ts $.n",
    ],
    [
      "scale changed, unused",
      "scale-changed",
      "error",
      "$.other",
      { ...whole, other: 1000 },
      "info",
      undefined,
    ],
  ])("%s", async (_, rule, severity, path, sample, expected, at) => {
    expect(await judge(Thing, [sample], [drift(rule, severity, path)])).toEqual([
      { rule: `contract/${rule}`, severity: expected, path, at },
    ]);
  });

  test("a property added is an error for a strict schema", async () => {
    const strict = z.strictObject({ id: z.string() });
    expect(
      await judge(strict, [{ id: "1", extra: 1 }], [drift("property-added", "info", "$.extra")]),
    ).toEqual([
      { rule: "contract/property-added", severity: "error", path: "$.extra", at: "schemas.ts $.extra" },
    ]);
  });

  test("a value that an open enum takes is not said to be needed", async () => {
    const consumer = await consumerOf(Thing, [whole]);
    const [judged] = judgeForConsumer([drift("enum-value-added", "error", "$.email")], consumer, subject);
    expect(judged?.evidence).toEqual({ consumer: "Thing takes it" });
  });

  test("an enum value added is an error for a schema that lists them", async () => {
    const closed = z.object({ s: z.enum(["a", "b"]) });
    expect(await judge(closed, [{ s: "c" }], [drift("enum-value-added", "warning", "$.s")])).toEqual([
      { rule: "contract/enum-value-added", severity: "error", path: "$.s", at: "schemas.ts $.s" },
    ]);
  });

  test("a new variant is an error for a discriminated union, wherever the contract saw it", async () => {
    const union = z.object({
      data: z.array(
        z.discriminatedUnion("type", [
          z.object({ type: z.literal("a") }),
          z.object({ type: z.literal("b") }),
        ]),
      ),
    });
    const found = await judge(
      union,
      [{ data: [{ type: "c" }] }],
      [drift("variant-added", "warning", "$.data[*].type")],
    );
    expect(found).toMatchObject([{ severity: "error", path: "$.data[*].type" }]);
  });

  test("drift where the schema takes anything keeps its severity", async () => {
    const open = z.object({ raw: z.unknown() });
    expect(await judge(open, [{ raw: {} }], [drift("property-removed", "error", "$.raw.x")])).toMatchObject([
      { severity: "error" },
    ]);
  });

  test("what the schema refuses without drift is a finding of its own, once for all samples", async () => {
    const samples = [{ data: [{ id: 1 }, { id: 2 }] }, { data: [{ id: 3 }] }, { data: [] }];
    const list = z.object({ data: z.array(z.object({ id: z.string() })) });
    const [one, ...more] = judgeForConsumer([], await consumerOf(list, samples), subject);
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      rule: "consumer/rejected",
      severity: "error",
      path: "$.data[*].id",
      message: "Our schema Thing refuses the response: it expects string, got integer",
      evidence: { samples: 3, rejected: 2 },
    });
  });

  test("a schema that throws makes the judgement inconclusive and spoils no severity", async () => {
    const throws = z.object({ id: z.string() }).transform(() => {
      throw new Error("boom");
    });
    expect(await judge(throws, [{ id: "x" }], [drift("property-removed", "error", "$.id")])).toMatchObject([
      { rule: "contract/property-removed", severity: "error" },
      { rule: "consumer/inconclusive", severity: "inconclusive" },
    ]);
  });

  test("findings of other rooms, and what is inconclusive, stay as they are", async () => {
    const others = [
      finding({ rule: "probe/budget-p95", severity: "error", message: "m" }),
      { ...drift("property-removed", "error", "$.other"), severity: "inconclusive" as const },
      finding({ rule: "contract/content-type-changed", severity: "error", message: "m" }),
    ];
    expect(judgeForConsumer(others, await consumerOf(Thing, [whole]), subject)).toEqual(others);
  });

  test("a finding keeps its fingerprint whatever the consumer makes of it", async () => {
    const before = drift("property-removed", "warning", "$.email");
    const [after] = judgeForConsumer([before], await consumerOf(Thing, [without("email")]), subject);
    expect(after?.fingerprint).toBe(before.fingerprint);
  });
});
