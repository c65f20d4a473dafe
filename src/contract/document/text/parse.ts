import { Scanner } from "../../infer/text/scanner.ts";
import { repeatedKeys } from "./repeated-keys.ts";
import { type Position, positionAt } from "./text.ts";
import { parseYaml } from "./yaml-text.ts";

export type Format = "json" | "ndjson" | "yaml";

/** Something wrong at a place of a text. */
export interface TextProblem extends Position {
  code: string;
  message: string;
}

export type Parsed =
  | { ok: true; format: Format; value: unknown; problems: TextProblem[] }
  | { ok: false; problem: TextProblem };

const repeatedKey = (key: string, at: Position): TextProblem => ({
  code: "document/repeated-key",
  message: `The key \`${key}\` stands twice: the last one counts`,
  ...at,
});

/** Where JSON.parse stopped: V8 says it in some of its messages, and ends others with a piece of the text. */
function offsetOf(error: unknown, text: string): number {
  const position = /at position (\d+)(?: \(|$)/.exec(error instanceof Error ? error.message : "")?.[1];
  const offset = position === undefined ? new Scanner().failureIn(text) : Number(position);
  // What is missing at the end is missing behind its last word.
  const end = text.trimEnd().length;
  return Math.min(offset ?? end, end);
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/Unexpected end/.test(message)) return "it ends in the middle";
  const token =
    /^(Unexpected token .+?|Bad [\w ]+|Expected [^(]+?|Unexpected [^(]+?),? (?:in JSON|"|\.\.\.)/.exec(
      message,
    )?.[1];
  return (token ?? message.replace(/ in JSON at position.*$/, "")).slice(0, 120);
}

function parseJson(text: string, utf8?: Uint8Array): Parsed {
  try {
    const value: unknown = JSON.parse(text);
    const problems = repeatedKeys(text, value, utf8 ?? new TextEncoder().encode(text)).map(
      ({ key, offset }) => repeatedKey(key, positionAt(text, offset)),
    );
    return { ok: true, format: "json", value, problems };
  } catch (error) {
    const message = `This is no valid JSON: ${reasonOf(error)}`;
    return {
      ok: false,
      problem: { code: "document/invalid-json", message, ...positionAt(text, offsetOf(error, text)) },
    };
  }
}

/** One JSON value in each line; `undefined` where it is not that. A broken line among many is a problem of its own. */
function parseLines(text: string): Parsed | undefined {
  const lines = text.split("\n").map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const filled = lines.filter(({ line }) => line !== "");
  const [first] = filled;
  if (filled.length < 2 || !first || !/^[[{]/.test(first.line)) return undefined;
  const values: unknown[] = [];
  for (const { line, number } of filled) {
    try {
      values.push(JSON.parse(line));
    } catch (error) {
      if (values.length === 0) return undefined;
      const message = `This line is no valid JSON: ${reasonOf(error)}`;
      return { ok: false, problem: { code: "document/invalid-json", message, line: number, column: 1 } };
    }
  }
  return { ok: true, format: "ndjson", value: values, problems: [] };
}

function parseAsYaml(text: string): Parsed {
  const result = parseYaml(text);
  if (!result.ok) {
    const { message, ...position } = result.problem;
    return {
      ok: false,
      problem: { code: "document/invalid-yaml", message: `This is no valid YAML: ${message}`, ...position },
    };
  }
  const problems = result.repeated.map(({ line, column }) => {
    const key = /^\s*(?:- )*["']?([^"':]+)/.exec(text.split("\n")[line - 1] ?? "")?.[1] ?? "";
    return repeatedKey(key.trim(), { line, column });
  });
  return { ok: true, format: "yaml", value: result.value, problems };
}

/**
 * Parses a text by what it is, not by its name: JSON, one JSON value a line, or YAML.
 * @param hint what the name says; decides which of two errors is shown where the text is neither
 * @param utf8 the same text as bytes, where they are at hand
 */
export function parseText(text: string, hint?: "json" | "yaml", utf8?: Uint8Array): Parsed {
  const start = /\S/.exec(text);
  const first = start?.[0];
  if (first === undefined) {
    return {
      ok: false,
      problem: { code: "document/empty", message: "There is nothing in it", line: 1, column: 1 },
    };
  }
  if (first === "<") {
    const at = positionAt(text, start?.index ?? 0);
    return {
      ok: false,
      problem: { code: "document/markup", message: "This is HTML or XML, not JSON or YAML", ...at },
    };
  }
  if (first !== "{" && first !== "[") {
    const yaml = parseAsYaml(text);
    // Of a file that calls itself JSON, one word alone is broken JSON.
    if (hint !== "json" || (yaml.ok && typeof yaml.value === "object" && yaml.value !== null)) return yaml;
  }
  const json = parseJson(text, utf8);
  if (json.ok) return json;
  const lines = parseLines(text);
  if (lines) return lines;
  const yaml = hint === "json" ? undefined : parseAsYaml(text);
  return yaml?.ok || hint === "yaml" ? (yaml ?? json) : json;
}
