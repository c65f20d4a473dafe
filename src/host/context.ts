import type { Context, Io, Prompter, Writer } from "../base/context.ts";
import { UsageError } from "../base/errors.ts";
import { decodeUtf8 } from "../base/utf8.ts";
import type { Globals } from "../cli/parse.ts";
import { systemClock } from "./clock.ts";
import { useColor } from "./color.ts";
import type { HostProcess, HostStream } from "./process.ts";
import { terminalPrompter } from "./prompts.ts";

/** A pipe or a CI log has no width: tables and sentences get more room there than on a small terminal. */
const PIPED_COLUMNS = 120;

function writer(stream: HostStream, globals: Globals, env: HostProcess["env"]): Writer {
  const isTTY = stream.isTTY === true;
  return {
    write: (text) => void stream.write(text),
    isTTY,
    columns: stream.columns ?? PIPED_COLUMNS,
    color: useColor(globals.color, env, isTTY),
  };
}

/** Bytes of standard input that are taken at once: secrets, or files of them. What has no end would take all memory. */
const MOST_READ = 2 ** 24;

async function* chunksOf(stdin: HostProcess["stdin"]): AsyncGenerator<Uint8Array> {
  for await (const chunk of stdin) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

async function readAll(stdin: HostProcess["stdin"]): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(stdin)) {
    bytes += chunk.length;
    if (bytes > MOST_READ) {
      const hint = "a value, or a file of values, was expected";
      throw new UsageError("Standard input is longer than 16 MiB", { code: "usage/stdin", hint });
    }
    chunks.push(chunk);
  }
  const text = decodeUtf8(Buffer.concat(chunks));
  if (text !== undefined) return text;
  throw new UsageError("Standard input is not UTF-8 text", {
    code: "usage/stdin",
    hint: "convert it to UTF-8; bytes that are no text go in as base64: `base64 FILE | integ …`",
  });
}

function prompterFor(host: HostProcess, globals: Globals, signal: AbortSignal): Prompter | undefined {
  const someoneAnswers = host.stdin.isTTY === true && host.stderr.isTTY === true;
  const forbidden = !globals.input || globals.json || Boolean(host.env.CI);
  return someoneAnswers && !forbidden ? terminalPrompter(signal) : undefined;
}

/** The real world as a command sees it. */
export function createContext(host: HostProcess, globals: Globals, signal: AbortSignal): Context {
  const stdout = writer(host.stdout, globals, host.env);
  const stderr = writer(host.stderr, globals, host.env);
  const io: Io = {
    stdout,
    stderr,
    stdinIsTTY: host.stdin.isTTY === true,
    readStdin: () => readAll(host.stdin),
    streamStdin: () => chunksOf(host.stdin),
    prompt: prompterFor(host, globals, signal),
    note: (text) => {
      if (!globals.quiet) stderr.write(`${text}\n`);
    },
    debug: (text) => {
      if (globals.verbose) stderr.write(`${text}\n`);
    },
  };
  return {
    io,
    env: host.env,
    cwd: host.cwd(),
    clock: systemClock,
    signal,
    configFile: globals.config ?? host.env.INTEG_CONFIG,
    yes: globals.yes,
    json: globals.json,
  };
}
