import { relative } from "node:path";
import type { Context } from "../../base/context.ts";
import { withDeadline } from "../../check/deadline.ts";
import type { CheckOptions, CheckResult } from "../../check/options.ts";
import { conclude } from "../../check/outcome/conclude.ts";
import { checkByWorkers } from "../../check/redis/coordinate.ts";
import { meet } from "../../check/redis/meet.ts";
import { readersRoom } from "../../check/rooms.ts";
import type { Project, Target } from "../../config/project.ts";
import { VERSION } from "../../version.ts";

/** Milliseconds to wait for a worker. */
const PATIENCE_MS = 60_000;

/**
 * Hands the targets to workers and makes one report of what they find, as one process would have made it.
 * @throws UsageError, IncompleteError, SecretError
 */
export async function checkOnWorkers(
  project: Project,
  targets: readonly Target[],
  options: CheckOptions,
  redis: string,
  ctx: Context,
): Promise<CheckResult> {
  const { board, queue, place, close } = await meet(project, { redis, version: VERSION, env: ctx.env });
  try {
    return await withDeadline(options.signal, options.maxTimeMs, async (signal) => {
      const found = await checkByWorkers(targets, options, {
        board,
        queue: queue(),
        clock: ctx.clock,
        deadline: signal,
        place: { from: relative(project.root, ctx.cwd), root: project.root },
        patienceMs: PATIENCE_MS,
        hint: `integ worker --redis ${place.shown}, of integ ${VERSION} in a checkout of the same commit`,
        version: VERSION,
        say: ctx.io.note,
      });
      return await conclude(project, targets, found, {
        options,
        clock: ctx.clock,
        signal,
        readers: readersRoom(project, ctx),
      });
    });
  } finally {
    await close();
  }
}
