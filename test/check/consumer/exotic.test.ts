import { expect, onTestFinished, test } from "vitest";
import { openConsumerHost } from "../../../src/check/consumer/host.ts";
import { usageOf } from "../../../src/check/consumer/usage.ts";
import { parsePath } from "../../../src/check/path.ts";
import { projectWith } from "../project.ts";

interface Case {
  name: string;
  code: string;
  accepted: unknown;
  /** Undefined: nothing is refused. */
  refused?: { value: unknown; path: readonly (string | number)[]; code: string };
  /** What JSON Schema cannot say of it. */
  unjudged?: string;
  /** How the schema uses `$.value`. */
  usage: string;
}

const CASES: readonly Case[] = [
  {
    name: "AsyncRefined",
    code: "z.object({ value: z.string().refine(async (text) => text.startsWith('a')) })",
    accepted: { value: "abc" },
    refused: { value: { value: "xyz" }, path: ["value"], code: "custom" },
    unjudged: "a custom refinement",
    usage: "required",
  },
  {
    name: "AsyncTransformed",
    code: "z.object({ value: z.string().transform(async (text) => text.length) })",
    accepted: { value: "abc" },
    refused: { value: { value: 1 }, path: ["value"], code: "invalid_type" },
    usage: "required",
  },
  {
    name: "Branded",
    code: "z.object({ value: z.string().brand('Id') })",
    accepted: { value: "abc" },
    refused: { value: {}, path: ["value"], code: "invalid_type" },
    usage: "required",
  },
  {
    name: "Piped",
    code: "z.object({ value: z.string().transform(Number).pipe(z.number().int()) })",
    accepted: { value: "3" },
    refused: { value: { value: "3.5" }, path: ["value"], code: "invalid_type" },
    usage: "required",
  },
  {
    name: "Preprocessed",
    code: "z.object({ value: z.preprocess((given) => String(given), z.string().min(2)) })",
    accepted: { value: 12 },
    refused: { value: { value: 1 }, path: ["value"], code: "too_small" },
    usage: "required",
  },
  {
    name: "Coded",
    code: "z.object({ value: z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() }) })",
    accepted: { value: "2026-01-01T00:00:00Z" },
    refused: { value: { value: "yesterday" }, path: ["value"], code: "invalid_format" },
    usage: "required",
  },
  {
    name: "Lazy",
    code: "z.object({ value: z.string(), get inner() { return z.array(Lazy); } })",
    accepted: { value: "a", inner: [{ value: "b", inner: [] }] },
    refused: {
      value: { value: "a", inner: [{ value: 1, inner: [] }] },
      path: ["inner", 0, "value"],
      code: "invalid_type",
    },
    usage: "required",
  },
  {
    name: "LazyOld",
    code: "z.object({ value: z.lazy(() => z.union([z.string(), z.array(LazyOld)])) })",
    accepted: { value: [{ value: "b" }] },
    refused: { value: { value: 1 }, path: ["value"], code: "invalid_union" },
    usage: "required",
  },
  {
    name: "Discriminated",
    code: "z.discriminatedUnion('kind', [z.object({ kind: z.literal('a'), value: z.string() }), z.object({ kind: z.literal('b') })])",
    accepted: { kind: "b" },
    refused: { value: { kind: "c" }, path: ["kind"], code: "invalid_union" },
    usage: "required",
  },
  {
    name: "Intersected",
    code: "z.intersection(z.object({ value: z.string() }), z.object({ other: z.number() }))",
    accepted: { value: "a", other: 1 },
    refused: { value: { value: "a" }, path: ["other"], code: "invalid_type" },
    usage: "required",
  },
  {
    name: "Caught",
    code: "z.object({ value: z.string().catch('none') })",
    accepted: {},
    unjudged: "a fallback for what does not fit",
    usage: "optional",
  },
  {
    name: "Nullish",
    code: "z.object({ value: z.string().nullish().default('x') })",
    accepted: {},
    refused: { value: { value: 1 }, path: ["value"], code: "invalid_type" },
    usage: "optional",
  },
];

test("consumer schemas of every kind are judged as the app would read them", async () => {
  const code = CASES.map(({ name, code }) => `export const ${name}: any = ${code};`).join("\n");
  const cwd = await projectWith({ "schemas.ts": `import * as z from "zod";\n${code}\n` });
  const host = openConsumerHost();
  onTestFinished(() => host.close());
  const described = await host.describe(
    `${cwd}/schemas.ts`,
    CASES.map(({ name }) => name),
  );
  if ("failed" in described) throw new Error(described.failed);
  for (const { name, accepted, refused, unjudged, usage } of CASES) {
    const values = [accepted, ...(refused ? [refused.value] : [])];
    const outcomes = await host.parse(`${cwd}/schemas.ts`, name, values);
    if ("failed" in outcomes) throw new Error(outcomes.failed);
    expect(outcomes[0], name).toEqual({ kind: "accepted" });
    if (refused) {
      const issue = { path: refused.path, code: refused.code };
      expect(outcomes[1], name).toMatchObject({ kind: "rejected", issues: [issue] });
    }
    const description = described.get(name);
    if (description?.kind !== "schema" || !description.jsonSchema) throw new Error(`${name}: no JSON Schema`);
    const reasons = description.unjudged.map(({ reason }) => reason);
    expect(reasons, name).toEqual(unjudged === undefined ? [] : [unjudged]);
    expect(usageOf(description.jsonSchema, parsePath("$.value") ?? []), name).toBe(usage);
  }
});
