import { randomUUID } from "node:crypto";
import type { Environment, Integration } from "../config/project.ts";
import { expire, setCurrent } from "./labels.ts";
import { fullName, type SecretSession } from "./resolve.ts";

/** How long the refresh token before can be brought back. */
const GRACE_MS = 7 * 86_400_000;

/**
 * Stores a refresh token that the provider gave out in place of ours: from that moment ours may be dead, and the new one is
 * nowhere else.
 * @throws SecretError when the store cannot be written; IntegError when a variable supplies the secret, for it cannot be set
 */
export function keepReplaced(session: SecretSession, integration: Integration, environment: Environment) {
  return async (secret: string, value: string): Promise<void> => {
    const variable = integration.secrets.find(({ name }) => name === secret)?.env;
    if (variable !== undefined && session.deps.env[variable]) {
      throw new Error(`the variable ${variable} supplies it and cannot be set from here`);
    }
    const now = session.deps.clock.now();
    await session.update(environment, (before) =>
      setCurrent(expire(before, now), fullName(integration, secret), {
        id: randomUUID(),
        value,
        now,
        source: "provider",
        graceMs: GRACE_MS,
      }),
    );
  };
}
