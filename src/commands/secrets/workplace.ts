import type { Context } from "../../base/context.ts";
import { InterruptedError, UsageError } from "../../base/errors.ts";
import type { Environment, Project } from "../../config/project.ts";
import { rememberedProject } from "../../config/remembered.ts";
import { resolveEnvironment } from "../../config/targets.ts";
import { SecretSession } from "../../secrets/resolve.ts";

/** How long a value that was replaced or removed can be brought back: 7 days. */
export const GRACE_MS = 7 * 86_400_000;

/** What every command about secrets works with. */
export interface Workplace {
  project: Project;
  environment: Environment;
  session: SecretSession;
}

/** Loads the project and finds the environment; opens no store yet. */
export async function workplace(env: string | undefined, ctx: Context): Promise<Workplace> {
  const project = await rememberedProject(ctx);
  const environment = resolveEnvironment(project, env);
  return { project, environment, session: new SecretSession(project, ctx) };
}

/**
 * Asks, unless `--yes` was given. Where nobody can be asked that flag is required.
 * @param deed what is about to happen, as a sentence without its end
 */
export async function confirm(deed: string, ctx: Context): Promise<void> {
  if (ctx.yes) return;
  if (!ctx.io.prompt) {
    throw new UsageError(`${deed}: this needs a confirmation, and nobody can be asked`, {
      code: "usage/confirmation",
      hint: "pass --yes to confirm it",
    });
  }
  if (!(await ctx.io.prompt.confirm({ message: `${deed}. Go on?`, default: false }))) {
    throw new InterruptedError("Nothing was done");
  }
}

/** Asks before a protected environment is read or changed. */
export async function confirmProtected(environment: Environment, deed: string, ctx: Context): Promise<void> {
  if (environment.protected) await confirm(`Environment ${environment.name} is protected. ${deed}`, ctx);
}
