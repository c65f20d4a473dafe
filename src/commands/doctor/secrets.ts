import type { Context } from "../../base/context.ts";
import { SecretError } from "../../base/errors.ts";
import { plural } from "../../base/text.ts";
import type { Environment, Project } from "../../config/project.ts";
import { judgeSecrets } from "../../secrets/judge.ts";
import { allSecrets } from "../../secrets/reference.ts";
import { SecretSession } from "../../secrets/resolve.ts";
import type { Look } from "./look.ts";

async function lookAtStore(
  session: SecretSession,
  environment: Environment,
  attended: boolean,
): Promise<Look> {
  const look = { area: "store", subject: `store of ${environment.name}` } as const;
  try {
    const store = await session.store(environment);
    const stored = await session.stored(environment);
    const holds = stored ? "answers" : "answers, nothing stored yet";
    return { ...look, state: "ok", says: `${store.describe()}: ${holds}` };
  } catch (error) {
    if (!(error instanceof SecretError)) throw error;
    // Whoever sits here is asked for the passphrase when a command needs it.
    const state = error.state === "locked" && attended ? "warn" : "fail";
    return { ...look, state, says: error.message, ...(error.hint ? { fix: error.hint } : {}) };
  }
}

/** The store of an environment, and what is missing or due in it. Asks nobody for a passphrase. */
export async function lookAtSecrets(
  project: Project,
  environment: Environment,
  ctx: Context,
): Promise<Look[]> {
  const { env, clock, signal } = ctx;
  const session = new SecretSession(project, { env, clock, signal, io: { prompt: undefined } });
  const store = await lookAtStore(session, environment, ctx.io.prompt !== undefined);
  const count = allSecrets(project).length;
  if (count === 0 || store.state !== "ok") return [store];
  const findings = await judgeSecrets(session, environment, { now: clock.now() });
  const wrong = findings.filter(({ severity }) => severity !== "info");
  const looks = wrong.map(
    ({ severity, message, help }): Look => ({
      area: "secrets",
      subject: `secrets of ${environment.name}`,
      state: severity === "error" ? "fail" : "warn",
      says: message,
      ...(help === undefined ? {} : { fix: help }),
    }),
  );
  const fine = { area: "secrets", subject: `secrets of ${environment.name}`, state: "ok" } as const;
  const says = `${plural(count, "secret")}, none missing or due`;
  return [store, ...(looks.length > 0 ? looks : [{ ...fine, says }])];
}
