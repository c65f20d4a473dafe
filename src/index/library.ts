import type { Context } from "../base/context.ts";
import { buildReport, type Report } from "../base/report.ts";
import type { Result } from "../base/result.ts";
import { systemClock } from "../host/clock.ts";

/** What every function of the library takes besides its own options. */
export interface LibraryOptions {
  /** Directory to work in; default the process's. */
  cwd?: string;
  /** integ.config.yaml to use instead of searching upward from `cwd`. */
  config?: string;
  /** Environment variables that secrets, proxies and INTEG_* are read from; default the process's. Never changed. */
  variables?: Readonly<Record<string, string | undefined>>;
  /** Ends the work; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
}

const SILENT = { write: () => {}, isTTY: false, columns: 80, color: false };

/** A context that prints nothing and asks nobody. */
function silentContext({ cwd, config, variables, signal }: LibraryOptions): Context {
  const env = variables ?? process.env;
  return {
    io: {
      stdout: SILENT,
      stderr: SILENT,
      readStdin: async () => "",
      streamStdin: async function* () {},
      stdinIsTTY: false,
      prompt: undefined,
      note: () => {},
      debug: () => {},
    },
    env,
    cwd: cwd ?? process.cwd(),
    clock: systemClock,
    signal: signal ?? new AbortController().signal,
    configFile: config ?? env.INTEG_CONFIG,
    yes: false,
    json: false,
  };
}

/** Runs a command as a function: the same options, the same report as `--json`. Rejects where the command would fail. */
export async function reportOf<T extends Report>(
  command: string,
  options: LibraryOptions,
  run: (ctx: Context) => Promise<Result>,
): Promise<T> {
  const ctx = silentContext(options);
  ctx.signal.throwIfAborted();
  const startedAt = ctx.clock.now();
  const started = ctx.clock.monotonic();
  const { findings = [], data } = await run(ctx);
  const durationMs = ctx.clock.monotonic() - started;
  // A command's `data` is typed where the command builds it; the report only carries it on.
  return buildReport({ command, startedAt, durationMs, findings, data }) as T;
}
