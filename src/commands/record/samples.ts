import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { Io } from "../../base/context.ts";
import { ConfigError, UsageError } from "../../base/errors.ts";
import { neutralize } from "../../base/text.ts";
import { KIND_NAMES, kindOf } from "../../contract/document/detect.ts";
import { parseAsJson } from "../../contract/document/text/parse.ts";
import type { Sample } from "../../contract/judge.ts";
import { linesOf, NoUtf8 } from "./lines.ts";

interface Reading {
  cwd: string;
  io: Pick<Io, "streamStdin" | "note">;
}

/** Bodies of answers from files: of their status and headers nothing is known. */
export interface AnswerFiles {
  /** Their texts, not yet parsed, as many at once as were read at once; read anew each time. */
  texts(): AsyncIterable<SampleText[]>;
  /** Read anew each time, too. */
  samples: AsyncIterable<Sample>;
}

/**
 * Answers from files, one after the other as they are read: each file a JSON document, or one of them on each line. `-` is
 * standard input.
 * @param again whether they may be read more than once: what comes on standard input is kept for that, and else is not
 * @throws UsageError `usage/no-file`, ConfigError `sample/unreadable` with the line; both while the answers are read
 */
export function answersIn(
  files: readonly string[],
  { cwd, io }: Reading,
  { again }: { again: boolean },
): AnswerFiles {
  const streamStdin = again ? keeping(() => io.streamStdin()) : () => io.streamStdin();
  const noted = new Set<string>();
  const note = (text: string) => {
    if (!noted.has(text)) io.note(text);
    noted.add(text);
  };
  const texts = () => textsIn(files, { cwd, io: { streamStdin, note } });
  return { texts, samples: { [Symbol.asyncIterator]: () => samplesIn(texts()) } };
}

/** Chunks that come once, as often as they are wanted. */
function keeping(first: () => AsyncIterable<Uint8Array>): () => AsyncIterable<Uint8Array> {
  let kept: Uint8Array[] | undefined;
  return async function* () {
    if (kept !== undefined) {
      yield* kept;
      return;
    }
    kept = [];
    for await (const chunk of first()) {
      kept.push(chunk);
      yield chunk;
    }
  };
}

async function* samplesIn(texts: AsyncIterable<SampleText[]>): AsyncGenerator<Sample> {
  for await (const sources of texts) {
    for (const source of sources) {
      const value = reading(source, (text): unknown => JSON.parse(text));
      yield { body: { kind: "json", value, text: source.text } };
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
 * The texts of files, not yet parsed, as many at once as were read at once: to wait for each of many short ones would take longer
 * than to learn from it.
 * @throws UsageError `usage/no-file`
 */
export async function* textsIn(files: readonly string[], ctx: Reading): AsyncGenerator<SampleText[]> {
  if (files.indexOf("-") !== files.lastIndexOf("-")) {
    throw new UsageError("Standard input can be read once: `--from -` stands there twice", {
      code: "usage/stdin",
    });
  }
  for (const file of files) {
    let first = true;
    for await (const sources of documentsIn(readableLines(file, ctx), file)) {
      if (first && sources[0] !== undefined) noteDocument(sources[0], ctx);
      first = false;
      yield sources;
    }
  }
}

async function* readableLines(file: string, ctx: Reading): AsyncGenerator<string[]> {
  try {
    yield* linesOf(chunksOf(file, ctx));
  } catch (error) {
    if (!(error instanceof NoUtf8)) throw error;
    throw new ConfigError(`${nameOf(file)}:${error.line} is not UTF-8 text`, {
      code: "sample/unreadable",
      hint: "convert it to UTF-8, as JSON is written",
      cause: error,
    });
  }
}

/**
 * Learns from texts as they come.
 * @throws ConfigError `sample/unreadable` with the line
 */
export async function learn(
  texts: AsyncIterable<SampleText[]>,
  into: { addText(text: string): void },
): Promise<void> {
  for await (const sources of texts) {
    for (const source of sources) reading(source, (text) => into.addText(text));
  }
}

/**
 * What is read of a text.
 * @throws ConfigError `sample/unreadable` with the line where `read` throws a SyntaxError
 */
function reading<Value>({ text, file, line }: SampleText, read: (text: string) => Value): Value {
  try {
    return read(text);
  } catch (error) {
    throw error instanceof SyntaxError ? unreadable({ text, file, line }, error) : error;
  }
}

/** Flags for documents that are rarely meant as an answer. */
const MEANT = { openapi: "--from-openapi", har: "--from-har" } as const;

const nameOf = (file: string): string => (file === "-" ? "standard input" : neutralize(file));

/** An API may answer with such a document, so it is taken as it is, but not in silence. */
function noteDocument({ file, text }: SampleText, { io }: Reading): void {
  if (!/"(?:openapi|swagger|log)"/.test(text)) return;
  const kind = kindOf(parsed(text), "json");
  if (kind !== "openapi" && kind !== "har") return;
  io.note(
    `${nameOf(file)} is ${KIND_NAMES[kind]}, recorded as if it were an answer: ${MEANT[kind]} reads what it says`,
  );
}

async function* chunksOf(file: string, { cwd, io }: Reading): AsyncGenerator<Buffer> {
  if (file === "-") {
    for await (const { buffer, byteOffset, byteLength } of io.streamStdin())
      yield Buffer.from(buffer, byteOffset, byteLength);
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

/** The reason never quotes the sample. */
function unreadable({ text, file, line }: SampleText, cause: SyntaxError): ConfigError {
  const code = "sample/unreadable";
  const name = nameOf(file);
  if (text.trim() === "") {
    return new ConfigError(`${name} is empty`, { code, hint: "an answer is one JSON value", cause });
  }
  const parsed = parseAsJson(Buffer.from(text));
  const within = parsed.ok ? undefined : parsed.problem;
  const at = line === undefined ? within?.line : line;
  const place = at === undefined ? "" : `:${at}${within === undefined ? "" : `:${within.column}`}`;
  return new ConfigError(`${name}${place} is not valid JSON`, {
    code,
    hint: "give one JSON document, or one on each line",
    cause,
  });
}
