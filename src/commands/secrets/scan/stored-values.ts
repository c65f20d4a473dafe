import type { Context } from "../../../base/context.ts";
import { SecretError } from "../../../base/errors.ts";
import type { Project } from "../../../config/project.ts";
import { currentValue } from "../../../secrets/envelope.ts";
import { SecretSession } from "../../../secrets/resolve.ts";
import type { KnownValue } from "../../../secrets/scan/known.ts";

/** What is in use now, of every environment whose store opens. */
export async function storedValues(project: Project, ctx: Context): Promise<KnownValue[]> {
  const session = new SecretSession(project, ctx);
  const values: KnownValue[] = [];
  for (const environment of project.config.environments) {
    try {
      const envelope = (await session.stored(environment))?.envelope;
      if (!envelope) continue;
      for (const secret of Object.keys(envelope.secrets)) {
        const value = currentValue(envelope, secret);
        if (value !== undefined) values.push({ secret, environment: environment.name, value });
      }
    } catch (error) {
      if (!(error instanceof SecretError)) throw error;
      ctx.io.note(`the values of ${environment.name} are not looked for: ${error.message}`);
    }
  }
  return values;
}
