import type { ParseOutcome } from "./protocol.ts";

/** A schema of any zod: the classic one, mini, or version 3. The user's copy is not ours, so only its face is known. */
export interface ZodLike {
  safeParseAsync(value: unknown): Promise<{ success: boolean; error?: unknown }>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

export function isZodSchema(value: unknown): value is ZodLike {
  return (
    isRecord(value) && typeof value.safeParseAsync === "function" && ("_zod" in value || "_def" in value)
  );
}

/** `string`, `null`, `array`, `integer` …, or `absent` where the value has no such place. */
function typeAt(value: unknown, path: readonly (string | number)[]): string {
  let at: unknown = value;
  for (const key of path) {
    if (!isRecord(at) || !Object.hasOwn(at, key)) return "absent";
    at = at[key];
  }
  if (at === undefined) return "absent";
  if (at === null) return "null";
  if (Array.isArray(at)) return "array";
  if (typeof at === "number") return Number.isInteger(at) ? "integer" : "number";
  return typeof at;
}

const issuesOf = (error: unknown): Record<string, unknown>[] =>
  isRecord(error) && Array.isArray(error.issues) ? error.issues.filter(isRecord) : [];

function pathOf(issue: Record<string, unknown>): (string | number)[] {
  const path = Array.isArray(issue.path) ? issue.path : [];
  return path.map((key) => (typeof key === "number" ? key : String(key)));
}

/** How many closed values refuse: where a tag does, another branch was meant. */
const refusedValues = (branch: readonly Record<string, unknown>[]) =>
  branch.filter(({ code }) => code === "invalid_value" || code === "invalid_literal").length;

/** The branch of a failed union that was meant: whose tags fit, else with the deepest issue, then with the fewest. */
function bestBranch(issue: Record<string, unknown>): Record<string, unknown>[] | undefined {
  const branches = Array.isArray(issue.errors) ? issue.errors : [];
  const ranked = branches
    .map((branch) => (Array.isArray(branch) ? branch.filter(isRecord) : []))
    .filter((branch) => branch.length > 0)
    .map((branch) => ({
      branch,
      depth: Math.max(...branch.map((one) => pathOf(one).length)),
      refused: refusedValues(branch),
    }))
    // A branch that fails at the very place of the union says no more than the union itself.
    .filter(({ depth }) => depth > 0)
    .sort((a, b) => a.refused - b.refused || b.depth - a.depth || a.branch.length - b.branch.length);
  return ranked[0]?.branch;
}

type Issues = Extract<ParseOutcome, { kind: "rejected" }>["issues"];

function flatten(
  issue: Record<string, unknown>,
  value: unknown,
  prefix: readonly (string | number)[],
): Issues {
  const path = [...prefix, ...pathOf(issue)];
  const branch = issue.code === "invalid_union" ? bestBranch(issue) : undefined;
  if (branch) return branch.flatMap((inner) => flatten(inner, value, path));
  const keys = issue.code === "unrecognized_keys" && Array.isArray(issue.keys) ? issue.keys.map(String) : [];
  const places = keys.length > 0 ? keys.map((key) => [...path, key]) : [path];
  return places.map((place) => ({
    code: String(issue.code),
    path: place,
    message: String(issue.message),
    ...(typeof issue.expected === "string" ? { expected: issue.expected } : {}),
    received: typeAt(value, place),
  }));
}

/** Different issues of one sample beyond this many say nothing new. */
const MOST_ISSUES = 200;

/** Each kind of issue once for all items of a list: the items of a long list must not hide what only its last ones have. */
function distinct(issues: Issues): Issues {
  const kinds = new Map(
    issues.map((issue) => {
      const place = issue.path.map((key) => (typeof key === "number" ? null : key));
      return [JSON.stringify([place, issue.code, issue.expected, issue.received]), issue];
    }),
  );
  return [...kinds.values()];
}

/** What was thrown, in words. It may be anything, also what cannot be made a text. */
export function wordsOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return "something was thrown that is no error";
  }
}

/** Runs the user's schema on one sample. Never rejects: what the schema throws is an outcome. */
export async function parseSample(schema: ZodLike, value: unknown): Promise<ParseOutcome> {
  try {
    const result = await schema.safeParseAsync(value);
    if (result.success) return { kind: "accepted" };
    const issues = issuesOf(result.error).flatMap((issue) => flatten(issue, value, []));
    return { kind: "rejected", issues: distinct(issues).slice(0, MOST_ISSUES) };
  } catch (error) {
    return { kind: "threw", message: wordsOf(error) };
  }
}
