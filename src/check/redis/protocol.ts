import * as z from "zod";
import type { Finding } from "../../base/finding.ts";
import { PARTS } from "../parts.ts";
import type { Checked } from "../target.ts";

// What lies in Redis. Names and settings go in, findings come out: no value of a secret, no body of an answer.

/** What a worker has to know of a run. */
export const runSettings = z.object({
  parts: z.array(z.enum(PARTS)),
  samples: z.number(),
  /** Milliseconds for one exchange. */
  deadlineMs: z.number().optional(),
  /** The directory of the coordinator's user, relative to the project's root: paths in findings are relative to it. */
  from: z.string(),
  /** The project's root where the coordinator runs. */
  root: z.string(),
});
export type RunSettings = z.infer<typeof runSettings>;

/** One piece of work: a target, or the secrets' policy of an environment. `index` is its place in the run. */
export const piece = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("target"),
    run: z.string(),
    index: z.number(),
    label: z.string(),
    environment: z.string(),
  }),
  z.object({
    kind: z.literal("secrets"),
    run: z.string(),
    index: z.number(),
    environment: z.string(),
    integrations: z.array(z.string()),
  }),
]);
export type Piece = z.infer<typeof piece>;

/** What was found about a piece. */
export interface Done {
  findings: readonly Finding[];
  endpoint?: Checked["endpoint"];
}

/** Why a piece could not be done; a bug has no exit code of its own. */
export interface Failed {
  message: string;
  code?: string;
  exitCode?: number;
  hint?: string;
}

/** What became of a piece. */
export type Outcome = { done: Done } | { failed: Failed };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const isFinding = (value: unknown): value is Finding =>
  isObject(value) && typeof value.rule === "string" && typeof value.fingerprint === "string";

/** Reads what a worker of the same version wrote. @throws Error for anything else */
export function readOutcome(text: string): Outcome {
  const value: unknown = JSON.parse(text);
  const isOutcome = (one: unknown): one is Outcome => {
    if (!isObject(one)) return false;
    if (isObject(one.failed)) return typeof one.failed.message === "string";
    return isObject(one.done) && Array.isArray(one.done.findings) && one.done.findings.every(isFinding);
  };
  if (isOutcome(value)) return value;
  throw new Error("a worker wrote a result that cannot be read");
}
