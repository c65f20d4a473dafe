import type { Context } from "../../base/context.ts";
import type { IntegError } from "../../base/errors.ts";
import type { PushItem } from "../../secrets/push/plan.ts";
import { pushOne } from "../../secrets/push/push.ts";
import { audited } from "./audited.ts";
import type { Workplace } from "./workplace.ts";

/** Pushes one value and writes what became of it into the audit log. @returns why it failed, if it did */
export async function pushAudited(
  item: PushItem,
  { project, environment, session }: Workplace,
  ctx: Context,
): Promise<IntegError | undefined> {
  const store = session.store(environment);
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
