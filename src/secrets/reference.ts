import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";
import type { Integration, Project, SecretPolicy } from "../config/project.ts";
import { fullName } from "./resolve.ts";

/** One secret of one integration, as a command line names it. */
export interface SecretReference {
  integration: Integration;
  policy: SecretPolicy;
  /** `stripe/api_key`. */
  name: string;
}

/** Every secret that the project's manifests declare, in the order of integrations and their secrets. */
export function allSecrets(project: Project): SecretReference[] {
  return project.integrations.flatMap((integration) =>
    integration.secrets.map((policy) => ({ integration, policy, name: fullName(integration, policy.name) })),
  );
}

function unknown(message: string, hint: string | undefined): UsageError {
  return new UsageError(message, { code: "usage/unknown-secret", hint });
}

function secretsOf(project: Project, integrationName: string): SecretReference[] {
  const integration = project.integrations.find(({ name }) => name === integrationName);
  if (integration) return allSecrets({ ...project, integrations: [integration] });
  const names = project.integrations.map(({ name }) => name);
  throw unknown(
    `There is no integration \`${integrationName}\``,
    didYouMean(integrationName, names, "integrations") ?? "scaffold one: `integ scaffold stripe`",
  );
}

/**
 * Finds the secrets a text names: `stripe/api_key`, or `stripe` for all of an integration.
 * @throws UsageError with the closest name
 */
export function findSecrets(project: Project, text: string): SecretReference[] {
  const [integrationName = "", secretName, ...more] = text.split("/");
  if (more.length > 0 || integrationName === "" || secretName === "") {
    throw new UsageError(`\`${text}\` does not name a secret`, {
      code: "usage/secret",
      hint: "write `integration/secret`, such as `stripe/api_key`",
    });
  }
  const secrets = secretsOf(project, integrationName);
  if (secretName === undefined) return secrets;
  const found = secrets.filter(({ policy }) => policy.name === secretName);
  if (found.length > 0) return found;
  const names = secrets.map(({ name }) => name);
  throw unknown(
    `\`${integrationName}\` has no secret \`${secretName}\``,
    didYouMean(text, names, "secrets") ?? "declare it under `secrets:` in its integration.yaml",
  );
}

/** Finds exactly one secret; an integration alone is enough where it has but one. */
export function findSecret(project: Project, text: string): SecretReference {
  const found = findSecrets(project, text);
  const [only] = found;
  if (only && found.length === 1) return only;
  const hint =
    found.length === 0
      ? "declare one under `secrets:` in its integration.yaml"
      : `say which: ${found.map(({ name }) => name).join(", ")}`;
  throw unknown(`\`${text}\` has ${found.length === 0 ? "no" : "several"} secrets`, hint);
}
