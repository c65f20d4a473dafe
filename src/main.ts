import { InterruptedError, UsageError } from "./base/errors.ts";
import { EXIT } from "./base/exit.ts";
import { exitCodeOf, type FailOn } from "./base/exit-policy.ts";
import { systemReason } from "./base/file-failure.ts";
import { jsonText } from "./base/json.ts";
import { NODES_IN_WORDS, runsOn } from "./base/node-version.ts";
import { buildReport } from "./base/report.ts";
import type { Result } from "./base/result.ts";
import { styleFor } from "./base/style.ts";
import { commands } from "./cli/commands.ts";
import { type Parsed, parseCommandLine, peekGlobals } from "./cli/parse.ts";
import { useColor } from "./host/color.ts";
import { createContext } from "./host/context.ts";
import { describeFailure } from "./host/failure.ts";
import type { HostProcess } from "./host/process.ts";

export { finish } from "./host/finish.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** First Ctrl-C asks the command to stop; a second one does not wait, unless a child of the command decides about both. */
function interruption(
  host: HostProcess,
  { patient }: { patient: boolean },
): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted && !patient) host.exit(EXIT.interrupted);
    controller.abort(new InterruptedError());
  };
  // SIGHUP: the terminal was closed; what a command made for a while has to go then too.
  for (const signal of SIGNALS) host.on(signal, stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of SIGNALS) host.off(signal, stop);
    },
  };
}

/** A reader such as `head` that closes the pipe is no failure; a full disk behind `> file` is one, and no finding. */
function endWhenOutputEnds(host: HostProcess): void {
  // Nobody reads what is said on the side: the result still counts.
  host.stderr.on?.("error", () => {});
  host.stdout.on?.("error", (error) => {
    if (error.code === "EPIPE") host.exit(EXIT.ok);
    host.stderr.write(`error: Cannot write to standard output: ${systemReason(error)}\n`);
    host.exit(EXIT.incomplete);
  });
}

/** Elsewhere a command would end in the middle, with words about Node's insides. */
function demandNode(version: string): void {
  if (runsOn(version)) return;
  const hint = `install ${NODES_IN_WORDS}`;
  throw new UsageError(`integ does not run on Node ${version}`, { code: "usage/node", hint });
}

async function runCommand(parsed: Parsed & { kind: "run" }, host: HostProcess): Promise<number> {
  const { command, options, globals } = parsed;
  demandNode(host.versions.node);
  const { signal, release } = interruption(host, { patient: command.passThrough === true });
  const ctx = createContext(host, globals, signal);
  const startedAt = ctx.clock.now();
  const started = ctx.clock.monotonic();
  try {
    const result = await command.run(options, ctx);
    const findings = result.findings ?? [];
    if (globals.json) {
      const durationMs = ctx.clock.monotonic() - started;
      const report = buildReport({
        command: command.name,
        startedAt,
        durationMs,
        findings,
        data: result.data,
      });
      ctx.io.stdout.write(jsonText(report));
    } else {
      await printForPeople(result, ctx.io);
    }
    const code = result.exitCode ?? exitCodeOf(findings, (options.failOn as FailOn | undefined) ?? "error");
    return await codeWith(result.failures ?? [], code, ctx.io, globals);
  } catch (error) {
    const cause = signal.aborted ? signal.reason : error;
    const style = await styleFor(ctx.io.stderr.color);
    const failure = describeFailure(cause, { style, verbose: globals.verbose });
    if (globals.json) {
      ctx.io.stdout.write(jsonText({ report: "integ/1", command: command.name, ...failure.json }));
    } else {
      ctx.io.stderr.write(`${failure.text}\n`);
    }
    return failure.exitCode;
  } finally {
    release();
  }
}

/** Tells what could not be done beside; what was found counts for more than that. */
async function codeWith(
  failures: readonly Error[],
  code: number,
  { stderr }: ReturnType<typeof createContext>["io"],
  { verbose }: { verbose: boolean },
): Promise<number> {
  let worst = code;
  for (const one of failures) {
    const failure = describeFailure(one, { style: await styleFor(stderr.color), verbose });
    stderr.write(`${failure.text}\n`);
    if (worst === EXIT.ok) worst = failure.exitCode;
  }
  return worst;
}

async function printForPeople(result: Result, io: ReturnType<typeof createContext>["io"]): Promise<void> {
  const text = result.text?.({ style: await styleFor(io.stdout.color), columns: io.stdout.columns });
  if (text) io.stdout.write(`${text}\n`);
  for (const line of result.next ?? []) io.note(line);
}

/** Runs one command line and gives its exit code. The only place that writes to stdout on a command's behalf. */
export async function main(host: HostProcess): Promise<number> {
  endWhenOutputEnds(host);
  const argv = host.argv.slice(2);
  const { color, json, verbose } = peekGlobals(argv);
  try {
    const style = await styleFor(useColor(color, host.env, host.stdout.isTTY === true));
    const parsed = parseCommandLine(argv, commands, {
      title: style.bold,
      command: style.cyan,
      dim: style.dim,
    });
    if (parsed.kind === "run") return await runCommand(parsed, host);
    host.stdout.write(parsed.text);
    return EXIT.ok;
  } catch (error) {
    const failure = describeFailure(error, {
      style: await styleFor(useColor(color, host.env, host.stderr.isTTY === true)),
      verbose,
    });
    if (json) host.stdout.write(jsonText({ report: "integ/1", ...failure.json }));
    else host.stderr.write(`${failure.text}\n`);
    return failure.exitCode;
  }
}
