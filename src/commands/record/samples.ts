import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { Io } from "../../base/context.ts";
import { ConfigError, UsageError } from "../../base/errors.ts";
import { neutralize } from "../../base/text.ts";
import { KIND_NAMES, kindOf } from "../../contract/document/detect.ts";
import { parseText } from "../../contract/document/text/parse.ts";
import type { Sample } from "../../contract/judge.ts";
import { linesOf } from "./lines.ts";

interface Reading {
  cwd: string;
  io: Pick<Io, "readStdin" | "note">;
}

/**
 * Bodies of answers from files, one after the other as they are read, and read anew each time: each file a JSON document, or one
 * of them on each line. `-` is standard input.
 * @throws UsageError `usage/no-file`, ConfigError `sample/unreadable` with the line; both while the answers are read
 */
export function samplesFrom(files: readonly string[], { cwd, io }: Reading): AsyncIterable<Sample> {
  let stdin: Promise<string> | undefined;
  // It can be read once only.
  const readStdin = () => (stdin ??= io.readStdin());
  const noted = new Set<string>();
  const note = (text: string) => {
    if (!noted.has(text)) io.note(text);
    noted.add(text);
  };
  return { [Symbol.asyncIterator]: () => samplesIn(files, { cwd, io: { readStdin, note } }) };
}

async function* samplesIn(files: readonly string[], ctx: Reading): AsyncGenerator<Sample> {
  for await (const sources of textsIn(files, ctx)) {
    for (const source of sources) {
      const value = reading(source, (text): unknown => JSON.parse(text));
      yield {
        status: 200,
        headers: { "content-type": "application/json" },
        body: { kind: "json", value, text: source.text },
      };
    }
  }
}

/** A text that should be JSON, and where it stands. */
export interface SampleText {
  text: string;
  file: string;
  /** undefined where the file is one document */
  line: number | undefined;
}

/**
 * The texts of `samplesFrom`, not yet parsed, as many at once as were read at once: to wait for each of many short ones would take
 * longer than to learn from it.
 * @throws UsageError `usage/no-file`
 */
export async function* textsIn(files: readonly string[], ctx: Reading): AsyncGenerator<SampleText[]> {
  for (const file of files) {
    let first = true;
    for await (const sources of documentsIn(linesOf(chunksOf(file, ctx)), file)) {
      if (first && sources[0] !== undefined) noteDocument(sources[0], ctx);
      first = false;
      yield sources;
    }
  }
}

/**
 * What is read of a text.
 * @throws ConfigError `sample/unreadable` with the line where `read` throws a SyntaxError
 */
export function reading<Value>({ text, file, line }: SampleText, read: (text: string) => Value): Value {
  try {
    return read(text);
  } catch (error) {
    throw error instanceof SyntaxError ? unreadable(file, line ?? lineOf(text), error) : error;
  }
}

/** Flags for documents that are rarely meant as an answer. */
const MEANT = { openapi: "--from-openapi", har: "--from-har" } as const;

/** An API may answer with such a document, so it is taken as it is, but not in silence. */
function noteDocument({ file, text }: SampleText, { io }: Reading): void {
  if (!/"(?:openapi|swagger|log)"/.test(text)) return;
  const kind = kindOf(parsed(text), "json");
  if (kind !== "openapi" && kind !== "har") return;
  const name = file === "-" ? "standard input" : neutralize(file);
  io.note(
    `${name} is ${KIND_NAMES[kind]}, recorded as if it were an answer: ${MEANT[kind]} reads what it says`,
  );
}

async function* chunksOf(file: string, { cwd, io }: Reading): AsyncGenerator<Buffer> {
  if (file === "-") {
    yield Buffer.from(await io.readStdin());
    return;
  }
  try {
    yield* createReadStream(resolve(cwd, file), { highWaterMark: 2 ** 18 });
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      {
        code: "usage/no-file",
        cause: error,
      },
    );
  }
}

/**
 * One JSON document, or one on each line: that is what it is where the first line is a document and not the last. Only when
 * another line comes is the first one looked at: a large document on a single line is read once.
 */
async function* documentsIn(lines: AsyncIterable<string[]>, file: string): AsyncGenerator<SampleText[]> {
  let first: (SampleText & { line: number }) | undefined;
  let byLine = false;
  const whole: string[] = [];
  let number = 0;
  for await (const read of lines) {
    const documents: SampleText[] = [];
    for (const raw of read) {
      const line = number++ === 0 ? raw.replace(/^\ufeff/, "") : raw;
      if (whole.length > 0) whole.push(line);
      else if (line.trim() === "") continue;
      else if (byLine) documents.push({ text: line, file, line: number });
      else if (first === undefined) first = { text: line, file, line: number };
      else if (parsed(first.text) === undefined) {
        // With the empty lines around it: the place of a mistake is told by its line.
        const [above, below] = [first.line - 1, number - first.line - 1];
        whole.push("\n".repeat(above) + first.text + "\n".repeat(below), line);
      } else {
        byLine = true;
        documents.push(first, { text: line, file, line: number });
      }
    }
    if (documents.length > 0) yield documents;
  }
  if (byLine) return;
  yield [
    whole.length > 0
      ? { text: whole.join("\n"), file, line: undefined }
      : (first ?? { text: "", file, line: undefined }),
  ];
}

/** undefined where the text is no JSON */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where a text stops being JSON. */
function lineOf(text: string): number | undefined {
  const parsed = parseText(text, "json");
  return parsed.ok ? undefined : parsed.problem.line;
}

/** The reason never quotes the sample. */
function unreadable(name: string, line: number | undefined, cause: unknown): ConfigError {
  const file = name === "-" ? "standard input" : name;
  return new ConfigError(`${file}${line === undefined ? "" : `:${line}`} is not valid JSON`, {
    code: "sample/unreadable",
    hint: "give one JSON document, or one on each line",
    cause,
  });
}
