import type { Clock } from "../base/context.ts";
import type { Finding } from "../base/finding.ts";
import type { Project, Target } from "../config/project.ts";
import { QuotaLedger } from "../probe/ledger.ts";
import { withDeadline } from "./deadline.ts";
import type { CheckOptions, CheckResult } from "./options.ts";
import { conclude, secretsOf } from "./outcome/conclude.ts";
import type { SharedQuotas } from "./quota/shared.ts";
import type { Rooms } from "./rooms.ts";
import { Lanes, laneOf, runBounded } from "./schedule.ts";
import { askTarget, type Checked, type Run } from "./target.ts";

/** How many exchanges a process has under way at most, with one host and altogether. */
export const CONCURRENCY = { perHost: 4, total: 16 };

/**
 * Checks targets in one pass: the configuration, the secrets' policy, and for each endpoint one exchange (or one per
 * sample) that probe, contract and consumer schema all judge. Rule severities and waivers of the configuration are
 * applied at the end; findings come out sorted.
 * @param shared tells what other processes use of the same quotas
 */
export async function runCheck(
  project: Project,
  targets: readonly Target[],
  rooms: Rooms,
  options: CheckOptions,
  clock: Clock,
  shared?: SharedQuotas,
): Promise<CheckResult> {
  return withDeadline(options.signal, options.maxTimeMs, async (signal) => {
    const { perHost, total } = options.concurrency ?? CONCURRENCY;
    const ledger = new QuotaLedger({ parts: options.quotaParts ?? 1 });
    const run: Run = { rooms, options, clock, signal, ledger, shared };
    let done = 0;
    // An answer is judged while the next is waited for. As many as are under way may wait for it, and no more: each holds a body.
    const table = new Lanes(total);
    const judged = await runBounded(targets, laneOf, { perLane: perHost, total }, async (target) => {
      const asked = await askTarget(target, run);
      const { result } = await table.begin("", () => asked.judge());
      void result.then(
        () => options.progress?.(++done, targets.length, target),
        () => {},
      );
      return { result };
    });
    const checked: Checked[] = await Promise.all(judged.map(({ result }) => result));
    options.signal.throwIfAborted();
    const secrets: Finding[] = [];
    for (const { environment, integrations } of options.parts.has("secrets") ? secretsOf(targets) : []) {
      secrets.push(...(await rooms.secrets(environment, integrations)));
    }
    return conclude(
      project,
      targets,
      { checked, secrets },
      { options, clock, signal, readers: rooms.readers },
    );
  });
}
