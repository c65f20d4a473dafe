import type { Context } from "../../base/context.ts";
import { compareFindings, type Finding } from "../../base/finding.ts";
import { consult } from "../../check/consumer/consult.ts";
import { openConsumerHost } from "../../check/consumer/host.ts";
import type { SchemaLocator } from "../../check/consumer/source/locate.ts";
import { askedOf } from "../../check/contract/asked.ts";
import { contractFor } from "../../check/contract/contract-for.ts";
import { judgeReaders } from "../../check/readers/judge.ts";
import { whereabouts } from "../../check/rooms.ts";
import type { Project, Target } from "../../config/project.ts";
import { adopt, isAcceptable } from "../../contract/adopt.ts";
import { judge } from "../../contract/judge.ts";
import type { StoredContract } from "../../contract/store.ts";
import { type LiveOptions, see } from "../contracts/live.ts";

/** What live answers make of one endpoint. */
export interface LookedAt {
  target: Target;
  /** The contract as the answers are now; as it was where they agree or cannot be had. Absent where there is none. */
  contract?: StoredContract;
  /** What the answers contradict, judged by the schema that our code reads them with. */
  drift: readonly Finding[];
  /** Why nothing can be said. */
  troubles: readonly Finding[];
  secretTrouble: boolean;
}

const isBreak = ({ rule, evidence }: Finding) =>
  rule === "consumer/rejected" || evidence?.rejected !== undefined;

/** Whether the schema of the endpoint's consumer refuses what the answers have at the finding's path. */
export const isRefused = (finding: Finding): boolean => finding.path !== undefined && isBreak(finding);

/** Asks endpoints, and judges what they answer by contract, consumer schema and the lines of code that read it. */
export async function lookAt(
  project: Project,
  targets: readonly Target[],
  options: LiveOptions & { locator: SchemaLocator },
  ctx: Context,
): Promise<LookedAt[]> {
  const seen = await see(project, targets, options, ctx);
  const host = openConsumerHost();
  try {
    const consumers = consult({ host, locator: async () => options.locator, cwd: ctx.cwd });
    const looked = await Promise.all(
      seen.map(async ({ target, samples, findings, secretTrouble }): Promise<LookedAt> => {
        const found = await contractFor(askedOf(target, ctx.cwd));
        if (found.contract === undefined)
          return { target, secretTrouble, drift: [], troubles: [...findings, found.finding] };
        const { contract } = found;
        const about = { target, secretTrouble, contract };
        if (samples.length === 0) return { ...about, drift: [], troubles: findings };
        const drift = judge({ contract, samples, target }).filter(isAcceptable);
        const bodies = samples.flatMap(({ body }) => (body.kind === "json" ? [body.value] : []));
        const judged = await consumers.impact(target, drift, bodies);
        return {
          ...about,
          contract: adopt(contract, samples, drift),
          drift: judged.filter((one) => isAcceptable(one) || isRefused(one)),
          troubles: findings,
        };
      }),
    );
    return await withReaders(looked, project, targets, options.locator, ctx);
  } finally {
    host.close();
  }
}

async function withReaders(
  looked: readonly LookedAt[],
  project: Project,
  targets: readonly Target[],
  locator: SchemaLocator,
  ctx: Context,
): Promise<LookedAt[]> {
  const all = looked.flatMap(({ drift }) => drift);
  const known = await judgeReaders(all, targets, {
    // Opens the project's TypeScript: loaded only where a finding asks for it.
    find: async (chains) =>
      (await import("../../check/readers/find.ts")).findReaders(chains, {
        ...whereabouts(project),
        signal: ctx.signal,
      }),
    locator,
    cwd: ctx.cwd,
    note: ctx.io.note,
  });
  const better = new Map(known.map((one) => [one.fingerprint, one]));
  return looked.map((one) => ({
    ...one,
    drift: one.drift.map((finding) => better.get(finding.fingerprint) ?? finding).sort(compareFindings),
  }));
}
