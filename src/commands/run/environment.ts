import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Environment, Integration } from "../../config/project.ts";
import { SHORTEST_MASKED } from "../../secrets/mask.ts";
import { acceptedValues, joinAccepted } from "../../secrets/overlap.ts";
import { allSecrets, findSecrets, type SecretReference } from "../../secrets/reference.ts";
import { fullName, type SecretSession, usableSecrets } from "../../secrets/resolve.ts";
import { refused } from "../../secrets/states.ts";

/** What would hand the vault itself to the child. */
const NEVER_HANDED_ON = ["INTEG_VAULT_PASSPHRASE", "INTEG_VAULT_KEY_FILE"];

export interface ChildEnvironment {
  env: Record<string, string | undefined>;
  /** Values to mask in the child's output. */
  values: string[];
  /** Full names of the secrets handed on. */
  names: string[];
  missing: string[];
  /** Full names of secrets too short to be masked. */
  tooShort: string[];
}

/** Bytes that one variable may have, its name and what ends it included, where the system has such a limit. */
const LONGEST: Partial<Record<NodeJS.Platform, number>> = { linux: 131_072, win32: 32_767 };

/** @throws SecretError `refused` for a value that no variable can hold: the system's own words would name neither */
function refuseUnfit(name: string, variable: string, value: string): void {
  const hint = "leave it out with --only, and read it with `integ secrets get`";
  if (value.includes("\u0000")) {
    throw refused(`${name} holds a NUL character, which no environment variable can`, hint);
  }
  const most = LONGEST[process.platform];
  if (most !== undefined && Buffer.byteLength(`${variable}=${value}`) >= most) {
    throw refused(`${name} is too long for an environment variable of this system`, hint);
  }
}

/** The secrets asked for by `--only`, or all; by integration, because that is how they are resolved. */
function selected(session: SecretSession, only: readonly string[]): SecretReference[] {
  if (only.length === 0) return allSecrets(session.project);
  const found = only.flatMap((text) => findSecrets(session.project, text));
  return [...new Map(found.map((secret) => [secret.name, secret])).values()];
}

function byIntegration(secrets: readonly SecretReference[]): Integration[] {
  const groups = new Map<string, Integration>();
  for (const { integration, policy } of secrets) {
    const group = groups.get(integration.name);
    groups.set(integration.name, { ...integration, secrets: [...(group?.secrets ?? []), policy] });
  }
  return [...groups.values()];
}

/** Two secrets in one variable would make one of them win unseen. */
function refuseSharedVariables(secrets: readonly SecretReference[]): void {
  const owners = new Map<string, string>();
  for (const { name, policy } of secrets) {
    const other = owners.get(policy.env);
    if (other !== undefined) {
      throw new UsageError(`${other} and ${name} both want the variable ${policy.env}`, {
        code: "usage/shared-variable",
        hint: "give one of them another `env` in its integration.yaml, or choose with --only",
      });
    }
    owners.set(policy.env, name);
  }
}

/**
 * The variables of the child: ours, without what opens the vault, the environment's secrets, and `INTEG_ENV`, by which
 * the runtime of scaffolded modules picks the base URL that belongs to these secrets.
 * @throws SecretError `refused` when a value is one of another environment
 */
export async function childEnvironment(
  environment: Environment,
  only: readonly string[],
  session: SecretSession,
  ctx: Context,
): Promise<ChildEnvironment> {
  const secrets = selected(session, only);
  refuseSharedVariables(secrets);
  const env = { ...ctx.env, INTEG_ENV: environment.name };
  const result: ChildEnvironment = { env, values: [], names: [], missing: [], tooShort: [] };
  for (const name of NEVER_HANDED_ON) delete result.env[name];
  for (const integration of byIntegration(secrets)) {
    const { values, missing, sources } = await usableSecrets(integration, environment, session);
    result.missing.push(...missing.map((name) => fullName(integration, name)));
    for (const policy of integration.secrets) {
      const value = values.get(policy.name);
      if (value === undefined) continue;
      const name = fullName(integration, policy.name);
      const stored = sources.get(policy.name)?.from === "store" && (await session.stored(environment));
      const accepted = stored ? acceptedValues(stored.envelope, name, policy) : [value];
      const joined = joinAccepted(accepted);
      refuseUnfit(name, policy.env, joined);
      result.env[policy.env] = joined;
      result.values.push(...accepted);
      result.names.push(name);
      if (value.length < SHORTEST_MASKED) result.tooShort.push(name);
    }
  }
  return result;
}
