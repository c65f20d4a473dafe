import { SecretError } from "../../base/errors.ts";

/**
 * A secret's value, fit for a header.
 * @throws SecretError `missing`, or `corrupt` where it holds what no header can carry
 */
export function secretValue(secrets: ReadonlyMap<string, string>, name: string): string {
  const value = secrets.get(name);
  if (value === undefined)
    throw new SecretError(`the secret ${name} is needed to authorize the request`, "missing", {});
  // A line break would end the header and start one of its own.
  if (/[\r\n\0]/.test(value)) {
    throw new SecretError(
      `the secret ${name} holds a line break, which no HTTP header can carry`,
      "corrupt",
      {
        hint: "store it again without the line break",
      },
    );
  }
  return value;
}
