import { Scanner } from "../../infer/text/scanner.ts";
import { skipSpace } from "./json-bytes.ts";
import { placesInJson } from "./json-places.ts";
import { repeatedKeys } from "./repeated-keys.ts";
import { type Places, type Position, positionAt, positionsAt, textOf } from "./text.ts";

export type Format = "json" | "ndjson" | "yaml";

/** Something wrong at a place of a text. */
export interface TextProblem extends Position {
  code: string;
  message: string;
}

export type Parsed =
  | { ok: true; format: Format; value: unknown; problems: TextProblem[]; places: Places }
  | { ok: false; problem: TextProblem };

const NEW_LINE = 10;
const OPEN_LIST = 91;
const OPEN_OBJECT = 123;
const LESS_THAN = 60;

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

/** What a text is no JSON for. */
function mistakeIn(text: string): TextProblem {
  let error: unknown;
  try {
    JSON.parse(text);
  } catch (thrown) {
    error = thrown;
  }
  const message = `This is no valid JSON: ${reasonOf(error)}`;
  return { code: "document/invalid-json", message, ...positionAt(text, offsetOf(error, text)) };
}

/** The value of a JSON text, in a list since `undefined` is for what is none. */
function jsonValue(bytes: Buffer): [unknown] | undefined {
  try {
    return [JSON.parse(textOf(bytes))];
  } catch {
    return undefined;
  }
}

function parseJson(bytes: Buffer): Parsed {
  const parsed = jsonValue(bytes);
  if (!parsed) return { ok: false, problem: mistakeIn(textOf(bytes)) };
  const [value] = parsed;
  const repeated = repeatedKeys(bytes, value);
  const positions = positionsAt(
    bytes,
    repeated.map(({ offset }) => offset),
  );
  const problems = repeated.map(({ key }, index) =>
    repeatedKey(key, positions[index] ?? { line: 1, column: 1 }),
  );
  return { ok: true, format: "json", value, problems, places: placesInJson(bytes) };
}

interface Line {
  bytes: Buffer;
  number: number;
}

/** Those lines of a text in which something stands. */
function* filledLines(bytes: Buffer): Generator<Line> {
  let number = 1;
  for (let start = 0; start < bytes.length; number++) {
    const found = bytes.indexOf(NEW_LINE, start);
    const end = found < 0 ? bytes.length : found;
    if (skipSpace(bytes, start) < end) yield { bytes: bytes.subarray(start, end), number };
    start = end + 1;
  }
}

/** One JSON value in each line; `undefined` where it is not that. A broken line among many is a problem of its own. */
function parseLines(bytes: Buffer): Parsed | undefined {
  const values: unknown[] = [];
  const numbers: number[] = [];
  for (const line of filledLines(bytes)) {
    const parsed = jsonValue(line.bytes);
    if (parsed) values.push(parsed[0]);
    else if (values.length === 0) return undefined;
    else {
      const { message } = mistakeIn(textOf(line.bytes));
      const said = message.replace("This is", "This line is");
      return {
        ok: false,
        problem: { code: "document/invalid-json", message: said, line: line.number, column: 1 },
      };
    }
    numbers.push(line.number);
  }
  if (values.length < 2) return undefined;
  const places: Places = (paths) =>
    paths.map(([index]) => ({ line: numbers[Number(index ?? 0)] ?? 1, column: 1 }));
  return { ok: true, format: "ndjson", value: values, problems: [], places };
}

/** The parser of YAML is loaded for those who need it: most documents are JSON. */
async function parseAsYaml(bytes: Buffer): Promise<Parsed> {
  const { parseYaml, placesInYaml } = await import("./yaml-text.ts");
  const text = textOf(bytes);
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
  return { ok: true, format: "yaml", value: result.value, problems, places: placesInYaml(text) };
}

/** JSON, or one JSON value a line. */
export function parseAsJson(bytes: Buffer): Parsed {
  const json = parseJson(bytes);
  return json.ok ? json : (parseLines(bytes) ?? json);
}

/**
 * Parses a text by what it is, not by its name: JSON, one JSON value a line, or YAML.
 * @param bytes UTF-8 without a byte order mark
 * @param hint what the name says; decides which of two errors is shown where the text is neither
 */
export async function parseText(bytes: Buffer, hint?: "json" | "yaml"): Promise<Parsed> {
  const start = skipSpace(bytes, 0);
  const first = bytes[start];
  if (first === undefined) {
    return {
      ok: false,
      problem: { code: "document/empty", message: "There is nothing in it", line: 1, column: 1 },
    };
  }
  if (first === LESS_THAN) {
    const [at = { line: 1, column: 1 }] = positionsAt(bytes, [start]);
    return {
      ok: false,
      problem: { code: "document/markup", message: "This is HTML or XML, not JSON or YAML", ...at },
    };
  }
  if (first !== OPEN_OBJECT && first !== OPEN_LIST) {
    const yaml = await parseAsYaml(bytes);
    // Of a file that calls itself JSON, one word alone is broken JSON.
    if (hint !== "json" || (yaml.ok && typeof yaml.value === "object" && yaml.value !== null)) return yaml;
  }
  const json = parseAsJson(bytes);
  if (json.ok || hint === "json") return json;
  const yaml = await parseAsYaml(bytes);
  return yaml.ok || hint === "yaml" ? yaml : json;
}
