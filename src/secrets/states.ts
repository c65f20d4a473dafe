import { SecretError } from "../base/errors.ts";

/** The store answered that it is locked, or nobody answered its question. */
export function locked(where: string, why: string, hint: string, cause?: unknown): SecretError {
  return new SecretError(`The ${where} is locked: ${why}`, "locked", { hint, cause });
}

/** There is no such store on this machine, or it does not work. */
export function unavailable(where: string, why: string, hint: string, cause?: unknown): SecretError {
  return new SecretError(`The ${where} is not available: ${why}`, "unavailable", { hint, cause });
}

/** More than one entry could be meant. */
export function ambiguous(where: string, why: string, hint: string, cause?: unknown): SecretError {
  return new SecretError(`The ${where} is ambiguous: ${why}`, "ambiguous", { hint, cause });
}

/** Something is stored but it is not what integ wrote. */
export function corrupt(where: string, why: string, hint: string, cause?: unknown): SecretError {
  return new SecretError(`The ${where} is corrupt: ${why}`, "corrupt", { hint, cause });
}

/** Somebody else wrote between our read and our write. */
export function stale(where: string, expected: number, found: number): SecretError {
  return new SecretError(
    `The ${where} changed while this command ran: it is at revision ${found}, expected ${expected}`,
    "stale-revision",
    { hint: "nothing was written; run the command again" },
  );
}

/** No value is stored under that name. */
export function missing(
  names: readonly string[],
  environment: string,
  where: string,
  hint?: string,
): SecretError {
  const subject = names.length === 1 ? `secret ${names[0]} is` : `secrets ${names.join(", ")} are`;
  const none = names.length === 1 ? "there is none" : "there are none";
  return new SecretError(
    `The ${subject} missing in environment ${environment}: ${none} in the ${where}`,
    "missing",
    { hint: hint ?? `integ secrets set ${names[0]} --env ${environment}` },
  );
}

/** The store, or a rule of the project, does not allow it. */
export function refused(message: string, hint: string, cause?: unknown): SecretError {
  return new SecretError(message, "refused", { hint, cause });
}
