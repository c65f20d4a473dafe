import type { Context } from "../base/context.ts";
import type { Result } from "../base/result.ts";
import { plural } from "../base/text.ts";
import { openConsumerHost } from "../check/consumer/host.ts";
import { openContractJudges } from "../check/contract/judges.ts";
import { meet } from "../check/redis/meet.ts";
import { Workbench, workShift } from "../check/redis/work.ts";
import { openRooms } from "../check/rooms.ts";
import { CONCURRENCY } from "../check/run.ts";
import { loadProject } from "../config/load.ts";
import { createHttpClient } from "../http/client.ts";
import { VERSION } from "../version.ts";

export interface WorkerOptions {
  redis: string;
  concurrency: number;
  lease: number | undefined;
  idle: number | undefined;
  grace: number | undefined;
}

const LEASE_MS = 15_000;
const GRACE_MS = 30_000;

/** Says each trouble once: a Redis that is away is tried again several times a second. */
function troubleSayer({ io }: Context): (error: Error) => void {
  let last = "";
  return ({ message }) => {
    if (message !== last) io.note(`trouble with Redis: ${message}; going on`);
    last = message;
  };
}

/**
 * `integ worker`: takes pieces of checks until it is asked to end.
 * @throws ConfigError, UsageError, IncompleteError, SecretError
 */
export async function run(options: WorkerOptions, ctx: Context): Promise<Result> {
  const { redis, concurrency, lease = LEASE_MS, idle, grace = GRACE_MS } = options;
  const project = await loadProject({ cwd: ctx.cwd, configFile: ctx.configFile });
  const { board, work, place, name, close } = await meet(project, { redis, version: VERSION, env: ctx.env });
  const http = createHttpClient({ env: ctx.env, clock: ctx.clock });
  const host = openConsumerHost();
  const judges = openContractJudges();
  const hard = new AbortController();
  const bench = new Workbench({
    project,
    board,
    clock: ctx.clock,
    rooms: (cwd) => openRooms(project, { ctx: { ...ctx, cwd }, http, host, judges }),
    perHost: CONCURRENCY.perHost,
    leaseMs: lease,
    hardStop: hard.signal,
  });
  const worker = work((data) => bench.take(data), { concurrency, leaseMs: lease });
  worker.on("error", troubleSayer(ctx));
  ctx.io.note(`Waiting for work of ${project.config.project} at ${place.shown} (${name})`);
  try {
    await workShift({
      board,
      bench,
      worker,
      clock: ctx.clock,
      signal: ctx.signal,
      graceMs: grace,
      idleMs: idle,
      stopHard: () => hard.abort(),
    });
  } finally {
    host.close();
    await Promise.all([http.close(), judges.close()]);
    await close();
  }
  return { text: () => `${plural(bench.done, "piece")} of work done` };
}
