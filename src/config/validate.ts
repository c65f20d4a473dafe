import * as z from "zod";
import type { Problem } from "../base/errors.ts";
import { suggest } from "../base/suggest.ts";
import { listOf } from "../base/text.ts";
import type { Path, Source } from "./source.ts";

type Issue = z.core.$ZodIssue;

const TYPES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "`true` or `false`",
  object: "a mapping (`key: value` lines)",
  record: "a mapping (`key: value` lines)",
  array: "a list (`- item` lines)",
  null: "empty",
};

function article(value: unknown): string {
  if (value === null) return "is empty";
  if (Array.isArray(value)) return "is a list";
  if (typeof value === "object") return "is a mapping";
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 60 ? `is ${text}` : `is ${text.slice(0, 60)}…`;
}

/** The rest of the sentence "`key` …", where the schema has no words of its own. */
function words(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return issue.values.length === 1
        ? `must be \`${String(issue.values[0])}\``
        : `must be one of ${listOf(issue.values.map((value) => `\`${String(value)}\``))}`;
    case "too_small":
      return `must be at least ${String(issue.minimum)}`;
    case "too_big":
      return `must be at most ${String(issue.maximum)}`;
    case "invalid_union":
      return `must be ${listOf([...new Set(unionTypes(issue.errors))])}`;
    default:
      return "is not valid";
  }
}

function unionTypes(branches: readonly (readonly Issue[])[] = []): string[] {
  return branches.flatMap(([first]) =>
    first?.code === "invalid_type" ? [TYPES[first.expected] ?? first.expected] : [],
  );
}

const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, step) => (typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined),
    root,
  );

/** `endpoints.get-balance.expect.status[0]`, as it is written in messages. */
export function pathText(path: Path): string {
  return path
    .map((step, i) => (typeof step === "number" ? `[${step}]` : `${i ? "." : ""}${String(step)}`))
    .join("");
}

/** Known keys by the very array of unknown ones that zod reports, which it hands through unchanged. */
type KnownKeys = WeakMap<readonly string[], readonly string[]>;

/** Of a union that fits nowhere, the issues of the branch whose own type fits: they say what is wrong inside. */
function branchOf(issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] | undefined {
  return issue.errors.find((branch) => branch.every(({ path }) => path.length > 0));
}

function unknownKeys(source: Source, issue: z.core.$ZodIssueUnrecognizedKeys, known: KnownKeys): Problem[] {
  const candidates = known.get(issue.keys) ?? [];
  const where = issue.path.length > 0 ? ` in \`${pathText(issue.path)}\`` : "";
  return issue.keys.map((key) => {
    const meant = suggest(key, candidates);
    return source.problem(
      "config/unknown-key",
      `Unknown key \`${key}\`${where}`,
      { path: [...issue.path, key], part: "key" },
      { known: [...candidates].sort(), ...(meant ? { hint: `did you mean \`${meant}\`?` } : {}) },
    );
  });
}

const namesCredential = ([first, ...rest]: Path): boolean =>
  (first === "auth" && /secret$/i.test(String(rest.at(-1)))) ||
  (first === "secrets" && rest.at(-1) === "env") ||
  (first === "notify" && ["url", "secret", "smtp"].includes(String(rest.at(-1))));

function wrongValue(source: Source, path: Path, message: string, choices: readonly string[]): Problem {
  const value = valueAt(source.value, path);
  const subject = path.length > 0 ? `\`${pathText(path)}\`` : "The file";
  if (value === undefined) {
    const key = pathText(path.slice(-1));
    const where = path.length > 1 ? ` in \`${pathText(path.slice(0, -1))}\`` : "";
    return source.problem("config/missing-key", `Missing key \`${key}\`${where}: it ${message}`, {
      path,
      part: "key",
    });
  }
  if (namesCredential(path)) {
    // Whoever takes the name of a secret for its value has written the value here.
    return source.problem("config/value", `${subject} ${message}`, { path, part: "value" }, { hidden: true });
  }
  const meant = typeof value === "string" ? suggest(value, choices) : undefined;
  return source.problem(
    "config/value",
    `${subject} ${message}, but ${article(value)}`,
    { path, part: "value" },
    meant ? { hint: `did you mean \`${meant}\`?` } : {},
  );
}

function problemsOf(source: Source, issue: Issue, known: KnownKeys): Problem[] {
  switch (issue.code) {
    case "unrecognized_keys":
      return unknownKeys(source, issue, known);
    case "invalid_key": {
      const message = issue.issues[0]?.message ?? "is not valid";
      const text = `The key \`${pathText(issue.path)}\` ${message}`;
      return [source.problem("config/key", text, { path: issue.path, part: "key" })];
    }
    case "invalid_union": {
      if (issue.discriminator !== undefined) {
        const options = ("options" in issue ? (issue.options ?? []) : []).map(String);
        const message = `must be one of ${listOf(options.map((option) => `\`${option}\``))}`;
        return [wrongValue(source, issue.path, message, options)];
      }
      const inner = branchOf(issue);
      if (!inner) return [wrongValue(source, issue.path, issue.message, [])];
      return inner.flatMap((one) =>
        problemsOf(source, { ...one, path: [...issue.path, ...one.path] }, known),
      );
    }
    case "invalid_value":
      return [wrongValue(source, issue.path, issue.message, issue.values.map(String))];
    default:
      return [wrongValue(source, issue.path, issue.message, [])];
  }
}

/** Checks a parsed file against its schema. Every problem is located; `data` is there when there is none. */
export function validate<T>(source: Source, schema: z.ZodType<T>): { data?: T; problems: Problem[] } {
  if (source.value === undefined) return { problems: [...source.problems] };
  const known: KnownKeys = new WeakMap();
  const result = schema.safeParse(source.value, {
    // Compiling a checker pays from the hundredth document on; start-up has a handful.
    jitless: true,
    error: (issue) => {
      if (issue.code === "unrecognized_keys" && issue.inst instanceof z.ZodObject)
        known.set(issue.keys, Object.keys(issue.inst.shape));
      return words(issue);
    },
  });
  const issues = result.error?.issues ?? [];
  const problems = [...source.problems, ...issues.flatMap((issue) => problemsOf(source, issue, known))];
  return result.success && problems.length === 0 ? { data: result.data, problems } : { problems };
}
