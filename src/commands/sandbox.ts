import type { Context } from "../base/context.ts";
import { formatDuration } from "../base/duration.ts";
import { EXIT } from "../base/exit.ts";
import type { Result, Style } from "../base/result.ts";
import { styleFor } from "../base/style.ts";
import { neutralize, plural } from "../base/text.ts";
import { QUOTA_FAMILIES } from "../sandbox/quota.ts";
import { CHANGES_OF_V2, RELEASES } from "../sandbox/releases.ts";
import { type Sandbox, type SandboxLogEntry, startSandbox } from "../sandbox/server.ts";

interface Options {
  port: number;
  release: string;
  quota: string;
  limit: number;
  latency: number;
  jitter: number;
  fault: string[];
  sunset: number | undefined;
  seed: number;
  for: number | undefined;
}

/** The longest that a Node timer can wait. */
const FOREVER = 2 ** 31 - 1;

function start(options: Options, { clock, io }: Context): Promise<Sandbox> {
  const release = RELEASES.find((name) => name === options.release);
  const family = QUOTA_FAMILIES.find((name) => name === options.quota);
  return startSandbox({
    port: options.port,
    ...(release ? { release } : {}),
    quota: { limit: options.limit, ...(family ? { family } : {}) },
    latencyMs: options.latency,
    jitterMs: options.jitter,
    faults: options.fault,
    seed: options.seed,
    ...(options.sunset === undefined ? {} : { sunset: new Date(clock.now() + options.sunset).toISOString() }),
    onRequest: (entry) => io.debug(logLine(entry)),
  });
}

function logLine({ method, target, status }: SandboxLogEntry): string {
  return `${method} ${neutralize(target)} ${status}`;
}

/** What a person who just started it wants to type next. */
function welcome({ url, apiKey }: Sandbox, forMs: number | undefined, style: Style): string {
  const tries: [string, string][] = [
    ["Three customers", `curl -H "Authorization: Bearer ${apiKey}" "${url}/v1/customers?limit=3"`],
    ["What integ sees of it", `integ probe ${url}`],
    [
      "Let the provider change its responses",
      `curl -X POST -H "content-type: application/json" -d '{"release":"v2"}' ${url}/__sandbox`,
    ],
  ];
  return [
    "",
    ...tries.flatMap(([why, command]) => [style.dim(`# ${why}`), `${style.cyan("$")} ${command}`]),
    "",
    style.dim(`v2: ${CHANGES_OF_V2.join("; ")}.`),
    style.dim(
      forMs === undefined
        ? "Ctrl-C stops it."
        : `Stops by itself after ${formatDuration(forMs)}, or with Ctrl-C.`,
    ),
  ].join("\n");
}

/** `integ sandbox`: serves until `--for` is over (exit code 0) or the person stops it (130). */
export async function run(options: Options, ctx: Context): Promise<Result> {
  const { io, clock, signal } = ctx;
  const sandbox = await start(options, ctx);
  try {
    const style = await styleFor(io.stdout.color);
    io.stdout.write(`${style.bold("url")}  ${sandbox.url}\n${style.bold("key")}  ${sandbox.apiKey}\n`);
    io.note(welcome(sandbox, options.for, await styleFor(io.stderr.color)));
    await clock.sleep(Math.min(options.for ?? FOREVER, FOREVER), signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  } finally {
    await sandbox.close();
  }
  io.note(`\nStopped after ${plural(sandbox.requests.length, "request")}.`);
  return { exitCode: signal.aborted ? EXIT.interrupted : EXIT.ok };
}
