import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { Io } from "../../base/context.ts";
import { ConfigError, UsageError } from "../../base/errors.ts";
import { neutralize } from "../../base/text.ts";
import { KIND_NAMES, kindOf } from "../../contract/document/detect.ts";
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
  for (const file of files) {
    let first = true;
    for await (const { value, text } of parsedIn(linesOf(chunksOf(file, ctx)), file)) {
      if (first) noteDocument(file, value, ctx);
      first = false;
      yield {
        status: 200,
        headers: { "content-type": "application/json" },
        body: { kind: "json", value, text },
      };
    }
  }
}

/** Flags for documents that are rarely meant as an answer. */
const MEANT = { openapi: "--from-openapi", har: "--from-har" } as const;

/** An API may answer with such a document, so it is taken as it is, but not in silence. */
function noteDocument(file: string, value: unknown, { io }: Reading): void {
  const kind = kindOf(value, "json");
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

/** A parsed document and its source. */
interface Parsed {
  value: unknown;
  text: string;
}

/** One JSON document, or one on each line: that is what it is where the first line is a document and not the last. */
async function* parsedIn(lines: AsyncIterable<string>, name: string): AsyncGenerator<Parsed> {
  let first: Parsed | undefined;
  const whole: string[] = [];
  let number = 0;
  for await (const raw of lines) {
    const line = number++ === 0 ? raw.replace(/^\ufeff/, "") : raw;
    if (whole.length > 0) whole.push(line);
    else if (line.trim() === "") continue;
    else if (first === undefined) {
      first = tryParse(line);
      if (first === undefined) whole.push(line);
      else yield first;
    } else yield parseLine(line, number, name);
  }
  if (first === undefined) yield parseWhole(whole.join("\n"), name);
}

function tryParse(text: string): Parsed | undefined {
  try {
    return { value: JSON.parse(text), text };
  } catch {
    return undefined;
  }
}

function parseWhole(text: string, name: string): Parsed {
  try {
    return { value: JSON.parse(text), text };
  } catch (error) {
    throw unreadable(name, undefined, error);
  }
}

function parseLine(line: string, number: number, name: string): Parsed {
  try {
    return { value: JSON.parse(line), text: line };
  } catch (error) {
    throw unreadable(name, number, error);
  }
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
