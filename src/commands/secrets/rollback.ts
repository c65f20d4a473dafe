import type { Context } from "../../base/context.ts";
import type { Result } from "../../base/result.ts";
import { versionOf } from "../../secrets/envelope.ts";
import { expire, rollback } from "../../secrets/labels.ts";
import { readLedger } from "../../secrets/ledger.ts";
import { findSecret } from "../../secrets/reference.ts";
import { refused } from "../../secrets/states.ts";
import { audited } from "./audited.ts";
import { entered } from "./entered.ts";
import { guardNoRotation } from "./guard.ts";
import { confirmProtected, GRACE_MS, workplace } from "./workplace.ts";

export interface RollbackOptions {
  secret: string;
  env: string | undefined;
  dryRun: boolean | undefined;
}

/** Brings back the value before: `previous` and `current` change places in one write. */
export async function run(options: RollbackOptions, ctx: Context): Promise<Result> {
  const { project, environment, session } = await workplace(options.env, ctx);
  const { name } = findSecret(project, options.secret);
  const now = ctx.clock.now();
  const stored = await session.stored(environment);
  const previous = stored && versionOf(expire(stored.envelope, now), name, "previous");
  if (!previous) {
    throw refused(
      `${name} in ${environment.name} has no value before that could come back`,
      `\`integ secrets history ${name} --env ${environment.name}\` shows what there was; values are kept for 7 days`,
    );
  }
  const replaced = versionOf(stored.envelope, name, "current") !== undefined;
  // A broken ledger must be found before the store is changed, not after.
  await readLedger(project);
  const what = `${name} in ${environment.name} to the value of ${previous.createdAt.slice(0, 10)} (${previous.fingerprint})`;
  if (options.dryRun) {
    return { data: { secret: name, rolledBack: false }, text: () => `Would set back ${what}` };
  }
  await confirmProtected(environment, `About to set back ${what}`, ctx);
  await session.update(environment, (before) => {
    guardNoRotation(before, name);
    return rollback(expire(before, now), name, { now, graceMs: GRACE_MS });
  });
  const at = new Date(now).toISOString();
  const rotated = (createdAt: string) => ({ createdAt, rotatedAt: at });
  await entered(
    project,
    environment.name,
    { [name]: (entry) => rotated(entry?.createdAt ?? previous.createdAt) },
    ctx,
  );
  await audited(project, { action: "rollback", environment: environment.name, secrets: [name] }, ctx);
  return {
    data: {
      secret: name,
      environment: environment.name,
      rolledBack: true,
      fingerprint: previous.fingerprint,
    },
    text: () => `Set back ${what}`,
    next: replaced
      ? [
          `the value it replaced is kept for 7 days: \`integ secrets rollback ${name} --env ${environment.name}\` swaps them again`,
        ]
      : [],
  };
}
