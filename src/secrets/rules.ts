import type { Severity } from "../base/finding.ts";

/** One rule about secrets: id, default severity, and what it means for the reader. */
export interface SecretRule {
  id: `secret/${string}`;
  severity: Severity;
  summary: string;
}

const rule = (id: SecretRule["id"], severity: Severity, summary: string): SecretRule => ({
  id,
  severity,
  summary,
});

/** What an attempt can fail by besides: no finding, so no severity can be set for it. */
export const SECRET_PROBLEMS = {
  "secret/rotation-blocked":
    "A secret that is due or was named cannot be rotated: the manifest names no way, or something is missing for it",
} as const;

/** Every rule about secrets: their policy, their stores, and what stands in files. */
export const SECRET_RULES = {
  missing: rule(
    "secret/missing",
    "error",
    "A secret that an integration needs has no value in this environment",
  ),
  overdue: rule("secret/overdue", "error", "A secret is older than its `rotateEvery`"),
  due: rule("secret/due", "warning", "A secret must be rotated within 14 days"),
  unknownAge: rule(
    "secret/unknown-age",
    "info",
    "A secret has a `rotateEvery`, but nothing says how old its value is",
  ),
  wrongEnvironment: rule(
    "secret/wrong-environment",
    "error",
    "A secret's value has the form of another environment's, such as a live key in dev",
  ),
  misshapen: rule(
    "secret/pattern",
    "warning",
    "A secret's value does not have the form its `pattern` asks for",
  ),
  locked: rule("secret/locked", "error", "The environment's store is locked"),
  unavailable: rule(
    "secret/unavailable",
    "error",
    "The environment's store is not available on this machine",
  ),
  ambiguous: rule("secret/ambiguous", "error", "More than one keychain item matches the environment's entry"),
  corrupt: rule(
    "secret/corrupt",
    "error",
    "The environment's store holds something that integ did not write",
  ),
  staleRevision: rule(
    "secret/stale-revision",
    "error",
    "Somebody else changed the environment's store in between, so nothing was written",
  ),
  refused: rule("secret/refused", "error", "The environment's store, or the provider, does not accept it"),
  rotationOpen: rule(
    "secret/rotation-open",
    "warning",
    "A rotation stopped half-way, or its old key is still to be revoked",
  ),
  inRepository: rule("secret/in-repository", "error", "The value of a stored secret stands in a file"),
  keyInRepository: rule("secret/key-in-repository", "error", "A file holds what looks like a provider's key"),
  testKeyInRepository: rule(
    "secret/test-key-in-repository",
    "warning",
    "A file holds what looks like a provider's key for tests",
  ),
  randomInRepository: rule(
    "secret/random-in-repository",
    "warning",
    "A file assigns random text to something called like a secret",
  ),
  auditBroken: rule("secret/audit-broken", "error", "The audit log was changed, shortened or replaced"),
} as const;
