import type { Context } from "../../base/context.ts";
import type { IntegError } from "../../base/errors.ts";
import type { Environment, Project } from "../../config/project.ts";
import type { Envelope } from "../../secrets/envelope.ts";
import type { PushItem } from "../../secrets/push/plan.ts";
import type { SecretReference } from "../../secrets/reference.ts";
import { audited } from "./audited.ts";
import type { Workplace } from "./workplace.ts";

/** Pushes one value and writes what became of it into the audit log. @returns why it failed, if it did */
export async function pushAudited(
  item: PushItem,
  { project, environment, session }: Workplace,
  ctx: Context,
): Promise<IntegError | undefined> {
  const { pushOne } = await import("../../secrets/push/push.ts");
  const store = await session.store(environment);
  const error = await pushOne(item, {
    environment,
    read: async () => (await store.read())?.envelope,
    update: (change) => session.update(environment, change),
    now: () => ctx.clock.now(),
  });
  const detail = `${item.target}: ${error ? `failed (${error.code})` : "pushed"}`;
  const event = {
    action: "push" as const,
    environment: environment.name,
    secrets: [item.secret.name],
    detail,
  };
  await audited(project, event, ctx);
  return error;
}

/** Targets that do not have the value in use yet, by full name of the secret; asks none of them. */
export async function openPushes(
  project: Project,
  environment: Environment,
  envelope: Envelope | undefined,
  secrets: readonly SecretReference[],
  ctx: Context,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const open = new Map<string, string[]>();
  if (!envelope || project.config.secrets.push.length === 0) return open;
  // Loaded late: most projects have no targets.
  const { planPush } = await import("../../secrets/push/plan.ts");
  for (const item of planPush(project, environment, envelope, { secrets, ctx })) {
    if (item.state !== "open") continue;
    open.set(item.secret.name, [...(open.get(item.secret.name) ?? []), item.target]);
  }
  return open;
}
