import * as z from "zod";
import { TEST_RUNNERS } from "./emit/assertions.ts";

/** What a module has only where it is asked for. */
export const PARTS = ["webhook", "queue", "cache"] as const;

/**
 * Everything a person said when a version was scaffolded: with it and a template the module comes out the same again.
 * Kept in integ.lock.json for `integ upgrade`.
 */
export const answersSchema = z.strictObject({
  /** The preset it was made from; absent for any other API. */
  preset: z.string().optional(),
  /** The OpenAPI document it was made from, file (relative to the project's root) or URL. */
  from: z.string().optional(),
  /** Operations of that document, by operationId or as `GET /v1/customers`. */
  operations: z.array(z.string()).optional(),
  /** Where references of the document were allowed to lead: to URLs, to files outside. */
  references: z.array(z.enum(["remote", "outside"])).optional(),
  /** What traffic showed, where it was made from that: its operations, without any value of an answer. */
  seen: z
    .array(
      z.strictObject({
        name: z.string(),
        method: z.string(),
        path: z.string(),
        examples: z.record(z.string(), z.string()),
        probeQuery: z.string().optional(),
        consumer: z.string(),
        sample: z.json(),
        acceptsText: z.boolean(),
      }),
    )
    .optional(),
  /** Instead of the preset's; the only one where there is no preset. */
  baseUrl: z.string().optional(),
  /** What only the user knows of the preset's base URL: `subdomain` → `acme`. */
  set: z.record(z.string(), z.string()).optional(),
  /** `get-thing=GET /things/{id=1}`, beside the preset's. */
  endpoints: z.array(z.string()),
  /** `header:X-Key` */
  auth: z.string().optional(),
  /** The variable of the first secret, where it is not the usual one. */
  variable: z.string().optional(),
  purpose: z.string().optional(),
  owner: z.string(),
  /** The template of one's own that it was made from, as it was then. */
  template: z
    .strictObject({
      /** `./templates/ours` from the root, `npm:NAME`, `git+URL#REF`. */
      source: z.string(),
      version: z.string(),
      /** SHA-256 over its files. */
      hash: z.string(),
      /** Of a repository. */
      commit: z.string().optional(),
    })
    .optional(),
  with: z.array(z.enum(PARTS)),
  /** What its tests are written for; default vitest. */
  testRunner: z.enum(TEST_RUNNERS).optional(),
  importExtension: z.enum([".js", ".ts"]),
});

export type Answers = z.infer<typeof answersSchema>;
