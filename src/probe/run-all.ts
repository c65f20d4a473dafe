import { QuotaLedger } from "./ledger.ts";
import type { ProbeResult } from "./result.ts";
import { type ProbeDeps, type ProbeOptions, probe } from "./run.ts";
import type { Subject } from "./subject.ts";
import { warmUp } from "./warm-up.ts";

/** Credentials that are probed at the same time. */
const PARALLEL = 8;

function byKey(subjects: readonly Subject[]): Subject[][] {
  const groups = new Map<string, Subject[]>();
  for (const subject of subjects) {
    const group = groups.get(subject.quotaKey);
    if (group) group.push(subject);
    else groups.set(subject.quotaKey, [subject]);
  }
  return [...groups.values()];
}

/**
 * Probes all subjects: one request at a time for each credential, several credentials side by side. What goes wrong with
 * one subject leaves the others alone. The results keep the order of the subjects.
 */
export async function probeAll(
  subjects: readonly Subject[],
  options: ProbeOptions & { parallel?: number },
  deps: Omit<ProbeDeps, "ledger"> & { ledger?: QuotaLedger },
): Promise<ProbeResult[]> {
  if (subjects.length === 0) return [];
  await warmUp(deps.client);
  const ledger = deps.ledger ?? new QuotaLedger();
  const results = new Map<Subject, ProbeResult>();
  const waiting = byKey(subjects);
  const work = async () => {
    for (let group = waiting.shift(); group; group = waiting.shift()) {
      for (const subject of group) results.set(subject, await probe(subject, options, { ...deps, ledger }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.parallel ?? PARALLEL, waiting.length) }, work));
  return subjects.flatMap((subject) => results.get(subject) ?? []);
}
