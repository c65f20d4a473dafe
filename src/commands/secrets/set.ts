import { randomUUID } from "node:crypto";
import type { Context } from "../../base/context.ts";
import type { Result } from "../../base/result.ts";
import { expire, fingerprintOf, setCurrent } from "../../secrets/labels.ts";
import { readLedger } from "../../secrets/ledger.ts";
import { findSecret } from "../../secrets/reference.ts";
import { readOnlyStore } from "../../secrets/stores/env.ts";
import { audited } from "./audited.ts";
import { entered } from "./entered.ts";
import { guardNoRotation, guardValue } from "./guard.ts";
import { readValue } from "./input.ts";
import { confirmProtected, GRACE_MS, workplace } from "./workplace.ts";

export interface SetOptions {
  secret: string;
  env: string | undefined;
  fromFile: string | undefined;
  fromEnv: string | undefined;
  force: boolean | undefined;
  dryRun: boolean | undefined;
}

/** Stores a secret's value; the one before can be brought back for the grace period. */
export async function run(options: SetOptions, ctx: Context): Promise<Result> {
  const { project, environment, session } = await workplace(options.env, ctx);
  const secret = findSecret(project, options.secret);
  const store = await session.store(environment);
  await confirmProtected(environment, `${secret.name} is about to be set`, ctx);
  // Before a person types a value: a store that is read-only, locked or absent says so at once.
  if (store.kind === "env") throw readOnlyStore(environment.name);
  await session.stored(environment);
  // A broken ledger must be found before the store is changed, not after.
  await readLedger(project);
  const value = await readValue(secret.name, options, ctx);
  if (!options.force) guardValue(secret, environment, value);
  const where = `${secret.name} in ${environment.name}, ${store.describe()}`;
  if (options.dryRun) {
    return { data: { secret: secret.name, stored: false }, text: () => `Would store ${where}` };
  }
  const now = ctx.clock.now();
  let changed = false;
  const envelope = await session.update(environment, (before) => {
    guardNoRotation(before, secret.name);
    const current = expire(before, now);
    const after = setCurrent(current, secret.name, {
      id: randomUUID(),
      value,
      now,
      source: "set",
      graceMs: GRACE_MS,
    });
    changed = after !== current;
    return changed ? after : before;
  });
  const at = new Date(now).toISOString();
  if (changed) {
    await entered(
      project,
      environment.name,
      {
        [secret.name]: (entry) => ({
          createdAt: entry?.createdAt ?? at,
          ...(entry ? { rotatedAt: at } : {}),
        }),
      },
      ctx,
    );
    const event = { action: "set", environment: environment.name, secrets: [secret.name] } as const;
    await audited(project, event, ctx);
  }
  const overruled = ctx.env[secret.policy.env]
    ? [`${secret.policy.env} is set here and wins over the store`]
    : [];
  return {
    data: {
      secret: secret.name,
      environment: environment.name,
      store: store.kind,
      stored: changed,
      fingerprint: fingerprintOf(envelope, value),
    },
    text: () => (changed ? `Stored ${where}` : `Unchanged: ${where} already holds this value`),
    next: overruled,
  };
}
