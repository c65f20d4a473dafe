import { join } from "node:path";
import type { Context } from "../../base/context.ts";
import type { IncompleteError } from "../../base/errors.ts";
import { refusalOf } from "../../base/file-failure.ts";
import { openConsumerHost } from "../../check/consumer/host.ts";
import { openContractJudges } from "../../check/contract/judges.ts";
import type { CheckOptions, CheckResult } from "../../check/options.ts";
import { quotaFileStore } from "../../check/quota/file-store.ts";
import { SharedQuotas } from "../../check/quota/shared.ts";
import { openRooms } from "../../check/rooms.ts";
import { runCheck } from "../../check/run.ts";
import type { Project, Target } from "../../config/project.ts";
import { QUOTA_FILE } from "../../probe/quota-file.ts";
import type { CheckCommandOptions } from "./options.ts";
import { openTransport, refuseRecordings, type Transport } from "./transport.ts";

/** What other processes of this machine use of the same quotas; a replay uses none. */
function sharedQuotas({ root }: Project, { clock, offline }: Transport) {
  if (offline) return undefined;
  return new SharedQuotas(quotaFileStore(join(root, QUOTA_FILE), clock), clock);
}

async function checkHere(
  project: Project,
  targets: readonly Target[],
  options: CheckOptions,
  transport: Transport,
  ctx: Context,
): Promise<CheckResult> {
  const { http, clock, offline } = transport;
  const host = openConsumerHost();
  const judges = openContractJudges({ expected: options.parts.has("contract") ? targets.length : 0 });
  try {
    const rooms = transport.furnish(
      openRooms(project, { ctx: { ...ctx, clock }, http, host, judges, offline }),
    );
    return await runCheck(project, targets, rooms, options, clock, sharedQuotas(project, transport));
  } finally {
    host.close();
    await Promise.all([http.close(), judges.close()]);
  }
}

/** What a check came to, and why what was recorded of it could not be written. */
export interface Passed extends CheckResult {
  failures: readonly IncompleteError[];
}

/** Checks targets in this process, or by the workers that a Redis brings together. */
export async function pass(
  project: Project,
  targets: readonly Target[],
  options: CheckCommandOptions & { settings: CheckOptions },
  ctx: Context,
): Promise<Passed> {
  const { redis, settings } = options;
  if (redis !== undefined) {
    refuseRecordings(options);
    const { checkOnWorkers } = await import("./workers.ts");
    return { ...(await checkOnWorkers(project, targets, settings, redis, ctx)), failures: [] };
  }
  const transport = await openTransport(options, ctx);
  const result = await checkHere(project, targets, settings, transport, ctx);
  return { ...result, failures: await refusalOf(transport.finish()) };
}
