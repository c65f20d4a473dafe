import * as z from "zod";

/** What the parent asks of the process that holds the consumer's module. Every request stands alone. */
export type Request =
  | { id: number; ask: "describe"; file: string; names: readonly string[] }
  | { id: number; ask: "parse"; file: string; name: string; values: readonly unknown[] };

const unjudged = z.object({
  /** JSONPath of the part. */
  path: z.string(),
  /** What JSON Schema cannot say about it: `a custom refinement`, `a transform` … */
  reason: z.string(),
});

const description = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("schema"),
    /** JSON Schema 2020-12 of the schema's input; absent where this zod cannot make one. */
    jsonSchema: z.record(z.string(), z.unknown()).optional(),
    unjudged: z.array(unjudged),
  }),
  z.object({ kind: z.literal("missing"), known: z.array(z.string()) }),
  z.object({ kind: z.literal("not-a-schema"), type: z.string() }),
]);

const issue = z.object({
  code: z.string(),
  path: z.array(z.union([z.string(), z.number()])),
  message: z.string(),
  expected: z.string().optional(),
  /** The type that the value has at the path; `absent` where there is nothing. */
  received: z.string(),
});

const outcome = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("accepted") }),
  z.object({ kind: z.literal("rejected"), issues: z.array(issue) }),
  z.object({ kind: z.literal("threw"), message: z.string() }),
]);

const failed = z.object({
  id: z.number(),
  ok: z.literal(false),
  message: z.string(),
  /** The line of the module on which it threw, where it did. */
  line: z.int().positive().optional(),
});

/** What comes back from the module's process: checked, because the user's code shares that process. */
export const response = z.union([
  z.object({
    id: z.number(),
    ok: z.literal(true),
    answer: z.literal("describe"),
    schemas: z.record(z.string(), description),
  }),
  z.object({ id: z.number(), ok: z.literal(true), answer: z.literal("parse"), outcomes: z.array(outcome) }),
  failed,
]);

export type Response = z.infer<typeof response>;
export type Description = z.infer<typeof description>;
export type Unjudged = z.infer<typeof unjudged>;
export type ParseIssue = z.infer<typeof issue>;
export type ParseOutcome = z.infer<typeof outcome>;
