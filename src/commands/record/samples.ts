import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { ConfigError, UsageError } from "../../base/errors.ts";
import type { Sample } from "../../contract/judge.ts";

/**
 * Bodies of answers from files: each a JSON document, or one of them on each line. `-` is standard input.
 * @throws UsageError `usage/no-file`, ConfigError `sample/unreadable` with the line
 */
export async function readSamples(files: readonly string[], ctx: Context): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const file of files) {
    for (const { value, text } of parseSamples(await textOf(file, ctx), file)) {
      samples.push({
        status: 200,
        headers: { "content-type": "application/json" },
        body: { kind: "json", value, text },
      });
    }
  }
  return samples;
}

async function textOf(file: string, ctx: Context): Promise<string> {
  if (file === "-") return ctx.io.readStdin();
  try {
    return await readFile(resolve(ctx.cwd, file), "utf8");
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

/** A parsed document and its source. */
interface Parsed {
  value: unknown;
  text: string;
}

/** One JSON document, or one on each line. A byte order mark is dropped. */
export function parseSamples(source: string, name: string): Parsed[] {
  const text = source.replace(/^\ufeff/, "");
  try {
    return [{ value: JSON.parse(text), text }];
  } catch (error) {
    const lines = text.split("\n");
    const filled = lines.filter((line) => line.trim() !== "");
    if (filled.length < 2 || !isJson(filled[0] ?? "")) throw unreadable(name, undefined, error);
    return lines.flatMap((line, index) => (line.trim() === "" ? [] : [parseLine(line, index + 1, name)]));
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
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
