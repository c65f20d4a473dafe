import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { Io } from "../../base/context.ts";
import { ConfigError, UsageError } from "../../base/errors.ts";
import { neutralize } from "../../base/text.ts";
import { KIND_NAMES, kindOf } from "../../contract/document/detect.ts";
import { parseText } from "../../contract/document/text/parse.ts";
import type { Sample } from "../../contract/judge.ts";

interface Reading {
  cwd: string;
  io: Pick<Io, "readStdin" | "note">;
}

/** All of `samplesIn` at once, for whoever looks at them more than once. */
export async function readSamples(files: readonly string[], ctx: Reading): Promise<Sample[]> {
  const samples: Sample[] = [];
  for await (const sample of samplesIn(files, ctx)) samples.push(sample);
  return samples;
}

/**
 * Bodies of answers from files, one after the other as they are read: each file a JSON document, or one of them on each line.
 * `-` is standard input.
 * @throws UsageError `usage/no-file`, ConfigError `sample/unreadable` with the line
 */
export async function* samplesIn(files: readonly string[], ctx: Reading): AsyncGenerator<Sample> {
  for await (const source of textsIn(files, ctx)) {
    const value = reading(source, (text): unknown => JSON.parse(text));
    yield {
      status: 200,
      headers: { "content-type": "application/json" },
      body: { kind: "json", value, text: source.text },
    };
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
 * The texts of `samplesIn`, not yet parsed.
 * @throws UsageError `usage/no-file`
 */
export async function* textsIn(files: readonly string[], ctx: Reading): AsyncGenerator<SampleText> {
  for (const file of files) {
    let first = true;
    for await (const source of documentsIn(linesOf(chunksOf(file, ctx)), file)) {
      if (first) noteDocument(source, ctx);
      first = false;
      yield source;
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

async function* chunksOf(file: string, { cwd, io }: Reading): AsyncGenerator<string> {
  if (file === "-") {
    yield await io.readStdin();
    return;
  }
  try {
    yield* createReadStream(resolve(cwd, file), { encoding: "utf8", highWaterMark: 2 ** 18 });
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

/** Lines end at line feeds and nowhere else: what is a separator of lines to others may stand in a JSON text. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let open: string[] = [];
  for await (const chunk of chunks) {
    const [first = "", ...others] = chunk.split("\n");
    open.push(first);
    for (const line of others) {
      // Joined once, however many chunks a line is long.
      yield open.join("");
      open = [line];
    }
  }
  yield open.join("");
}

/** One JSON document, or one on each line: that is what it is where the first line is a document and not the last. */
async function* documentsIn(lines: AsyncIterable<string>, file: string): AsyncGenerator<SampleText> {
  let byLine = false;
  const whole: string[] = [];
  let number = 0;
  for await (const raw of lines) {
    const line = number++ === 0 ? raw.replace(/^\ufeff/, "") : raw;
    if (whole.length > 0) whole.push(line);
    else if (line.trim() === "") continue;
    else if (byLine || parsed(line) !== undefined) {
      byLine = true;
      yield { text: line, file, line: number };
    } else whole.push(line);
  }
  if (!byLine) yield { text: whole.join("\n"), file, line: undefined };
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
