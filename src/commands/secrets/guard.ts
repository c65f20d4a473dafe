import { listOf } from "../../base/text.ts";
import type { Environment } from "../../config/project.ts";
import { type Envelope, underRotation } from "../../secrets/envelope.ts";
import { judgeValue } from "../../secrets/policy.ts";
import type { SecretReference } from "../../secrets/reference.ts";
import { journalOf } from "../../secrets/rotation/journal.ts";
import { refused } from "../../secrets/states.ts";

/** Refuses to touch a secret by hand while its rotation is under way. @throws SecretError `refused` */
export function guardNoRotation(envelope: Envelope, name: string): void {
  const owner = underRotation(envelope).get(name);
  const journal = owner === undefined ? undefined : journalOf(envelope, owner);
  if (!journal) return;
  throw refused(
    `A rotation of ${name} is under way (${journal.step})`,
    `end it first: \`integ secrets rotate ${owner} --resume\` or \`--abort\``,
  );
}

/** Refuses a value that the manifest says does not belong into the environment. @throws SecretError `refused` */
export function guardValue(secret: SecretReference, environment: Environment, value: string): void {
  const verdict = judgeValue(secret.policy, environment.name, value);
  if (verdict.kind === "fits") return;
  const where =
    verdict.kind === "wrong-environment"
      ? `it is one for ${listOf(verdict.belongsTo)}`
      : `it does not match the pattern for ${environment.name}`;
  throw refused(
    `This is not a value for ${secret.name} in ${environment.name}: ${where}. Nothing was stored`,
    verdict.kind === "wrong-environment"
      ? `did you mean --env ${verdict.belongsTo[0]}? --force stores it all the same, but it is neither sent nor handed to a program`
      : "the pattern stands in its integration.yaml; --force stores the value all the same",
  );
}
