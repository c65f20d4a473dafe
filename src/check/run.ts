import type { Clock } from "../base/context.ts";
import type { Finding } from "../base/finding.ts";
import type { Project, Target } from "../config/project.ts";
import { NotJsonError } from "../http/body.ts";
import { QuotaLedger } from "../probe/ledger.ts";
import { withDeadline } from "./deadline.ts";
import type { CheckOptions, CheckResult } from "./options.ts";
import { conclude, secretsOf } from "./outcome/conclude.ts";
import type { SharedQuotas } from "./quota/shared.ts";
import type { Rooms } from "./rooms.ts";
import { Lanes, laneOf, runBounded } from "./schedule.ts";
import { type Asked, askTarget, type Checked, type Run } from "./target.ts";

/** How many exchanges a process has under way at most, with one host and altogether. */
export const CONCURRENCY = { perHost: 4, total: 16 };

/** A target on its way: its place among the results, and how it is asked for. */
interface Waiting {
  target: Target;
  index: number;
  ask(): Promise<Asked>;
}

/** Asks for all targets, each host's in turn, and judges what they answer. */
async function checkAll(
  targets: readonly Target[],
  run: Run,
  { concurrency = CONCURRENCY, progress }: CheckOptions,
): Promise<Checked[]> {
  const { perHost, total } = concurrency;
  const checked: Checked[] = [];
  let done = 0;
  // An answer is judged while the next is waited for. As many as are under way may wait for it, and no more: each holds a body.
  const table = new Lanes(total);
  /** What was taken for JSON and is none: to be asked again. */
  const misread: Waiting[] = [];
  const judge = async ({ target, index }: Waiting, asked: Asked) => {
    try {
      checked[index] = await asked.judge();
      progress?.(++done, targets.length, target);
    } catch (error) {
      if (!(error instanceof NotJsonError)) throw error;
      misread.push({ target, index, ask: () => asked.again() });
    }
  };
  const pass = async (waiting: readonly Waiting[]) => {
    const laneOfWaiting = ({ target }: Waiting) => laneOf(target);
    const judged = await runBounded(waiting, laneOfWaiting, { perLane: perHost, total }, async (one) => {
      const asked = await one.ask();
      const begun = await table.begin("", () => judge(one, asked));
      begun.result.catch(() => {});
      return begun;
    });
    await Promise.all(judged.map(({ result }) => result));
  };
  // One that was misread ends the presuming: each keeps its body until it is asked again, and there may be many such.
  const strict = { ...run, presume: false };
  const ask = (target: Target) => askTarget(target, misread.length === 0 ? run : strict);
  await pass(targets.map((target, index) => ({ target, index, ask: () => ask(target) })));
  await pass(misread);
  return checked;
}

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
    const ledger = new QuotaLedger({ parts: options.quotaParts ?? 1 });
    const run: Run = { rooms, options, clock, signal, ledger, shared, presume: rooms.parses };
    const checked = await checkAll(targets, run, options);
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
