import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result } from "../../base/result.ts";
import { findSecret } from "../../secrets/reference.ts";
import { refuseMissing, resolveSecrets } from "../../secrets/resolve.ts";
import { audited } from "./audited.ts";
import { confirmProtected, workplace } from "./workplace.ts";

export interface GetOptions {
  secret: string;
  env: string | undefined;
  reveal: boolean | undefined;
}

/** Prints a secret's value for another program, bare or in a document; to a person only on demand. */
export async function run(options: GetOptions, ctx: Context): Promise<Result> {
  const { project, environment, session } = await workplace(options.env, ctx);
  const { integration, policy, name } = findSecret(project, options.secret);
  // A document that a person reads on the screen shows the value as well as the bare text does.
  if (ctx.io.stdout.isTTY && !options.reveal) {
    throw new UsageError(`${name} would be shown on the screen`, {
      code: "usage/reveal",
      hint: "pass --reveal to show it, pipe it into a program, or use `integ run -- CMD`",
    });
  }
  await confirmProtected(environment, `${name} is about to be read`, ctx);
  const one = { ...integration, secrets: [policy] };
  const resolved = await resolveSecrets(one, environment, session);
  refuseMissing(resolved, one, environment, session);
  const value = resolved.values.get(policy.name) ?? "";
  await audited(project, { action: "get", environment: environment.name, secrets: [name] }, ctx);
  const source = resolved.sources.get(policy.name);
  return {
    data: { secret: name, environment: environment.name, ...(source ? { source } : {}), value },
    text: () => value,
  };
}
