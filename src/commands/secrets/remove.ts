import type { Context } from "../../base/context.ts";
import type { Result } from "../../base/result.ts";
import { listOf, neutralize } from "../../base/text.ts";
import { type Envelope, underRotation, versionOf } from "../../secrets/envelope.ts";
import { expire, purge, removeCurrent } from "../../secrets/labels.ts";
import { readLedger } from "../../secrets/ledger.ts";
import { findSecret } from "../../secrets/reference.ts";
import { heldKeyIds, journalOf } from "../../secrets/rotation/journal.ts";
import { missing } from "../../secrets/states.ts";
import { audited } from "./audited.ts";
import { entered } from "./entered.ts";
import { guardNoRotation } from "./guard.ts";
import { confirm, confirmProtected, GRACE_MS, workplace } from "./workplace.ts";

export interface RemoveOptions {
  secret: string;
  env: string | undefined;
  purge: boolean | undefined;
  dryRun: boolean | undefined;
}

/** What nobody here knows of any more once a secret is forgotten in the middle of its rotation; undefined where none is under way. */
function lostSight(envelope: Envelope, name: string): string | undefined {
  if (underRotation(envelope).get(name) !== name) return undefined;
  const journal = journalOf(envelope, name);
  if (!journal) return undefined;
  const keys = [...heldKeyIds(envelope, name), ...(journal.oldKeyId ? [journal.oldKeyId] : [])];
  const known = [...new Set(keys)].map((id) => neutralize(id));
  return `a rotation of it was under way (${journal.step}): look at the provider for the key named ${journal.tag}${known.length > 0 ? ` and for ${listOf(known, "and")}` : ""}, which nobody revokes now`;
}

/** Takes a secret out of use; recoverable for the grace period unless purged. */
export async function run(options: RemoveOptions, ctx: Context): Promise<Result> {
  const { project, environment, session } = await workplace(options.env, ctx);
  const { name } = findSecret(project, options.secret);
  const stored = await session.stored(environment);
  const held = stored && versionOf(stored.envelope, name, "current");
  const anything = stored && Object.hasOwn(stored.envelope.secrets, name);
  if (!held && !(options.purge && anything)) {
    throw missing([name], environment.name, (await session.store(environment)).describe());
  }
  // A broken ledger must be found before the store is changed, not after.
  await readLedger(project);
  const unseen = options.purge && stored ? lostSight(stored.envelope, name) : undefined;
  const deed = options.purge
    ? `${name} in ${environment.name} is about to be forgotten with its history, for good${unseen ? `; ${unseen}` : ""}`
    : `${name} in ${environment.name} is about to be removed`;
  if (options.dryRun) return { data: { secret: name, removed: false }, text: () => `Would remove ${name}` };
  if (environment.protected) await confirmProtected(environment, deed, ctx);
  else await confirm(deed, ctx);
  const now = ctx.clock.now();
  await session.update(environment, (before) => {
    // Of a rotation that cannot be ended, because its provider is gone, forgetting is the only way out.
    if (options.purge && underRotation(before).get(name) === name) return purge(before, name);
    guardNoRotation(before, name);
    if (options.purge) return purge(before, name);
    return removeCurrent(expire(before, now), name, { now, graceMs: GRACE_MS });
  });
  const removedAt = new Date(now).toISOString();
  await entered(
    project,
    environment.name,
    { [name]: (entry) => (options.purge || !entry ? undefined : { ...entry, removedAt }) },
    ctx,
  );
  const action = options.purge ? "purge" : "remove";
  await audited(project, { action, environment: environment.name, secrets: [name] }, ctx);
  const until = new Date(now + GRACE_MS).toISOString();
  return {
    data: { secret: name, environment: environment.name, removed: true, ...(options.purge ? {} : { until }) },
    text: () => `Removed ${name} from ${environment.name}`,
    ...(options.purge
      ? { next: unseen === undefined ? [] : [unseen] }
      : {
          next: [
            `until ${until.slice(0, 10)}: \`integ secrets rollback ${name} --env ${environment.name}\` brings it back`,
          ],
        }),
  };
}
