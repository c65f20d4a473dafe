import type { Context } from "../../../base/context.ts";
import { SecretError } from "../../../base/errors.ts";
import type { Environment, Project } from "../../../config/project.ts";
import { howToSet } from "../../../config/secret-advice.ts";
import { findSecret } from "../../../secrets/reference.ts";
import { resolveSecrets, SecretSession } from "../../../secrets/resolve.ts";

/** Gives the value that a reference of the configuration leads to. @throws SecretError */
export type Credentials = (reference: string) => Promise<string>;

/** Values by reference: a variable, or a stored secret of an environment. */
export function credentials(project: Project, environment: Environment, ctx: Context): Credentials {
  const session = new SecretSession(project, ctx);
  return async (reference) => {
    if (!reference.includes("/")) {
      const value = ctx.env[reference];
      if (value) return value;
      throw new SecretError(`${reference} is not set`, "missing", {
        hint: "set it where the check runs",
      });
    }
    const { integration, policy } = findSecret(project, reference);
    const { values } = await resolveSecrets(integration, environment, session);
    const value = values.get(policy.name);
    if (value !== undefined) return value;
    throw new SecretError(`There is no value of ${reference} in ${environment.name}`, "missing", {
      hint: howToSet(reference, policy.env, environment),
    });
  };
}
