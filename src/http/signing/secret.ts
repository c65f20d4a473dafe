import { SecretError } from "../../base/errors.ts";

/** Visible characters, space and tab of Latin-1: what a header's value may hold (RFC 9110 §5.5). */
const FIT_FOR_HEADER = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * A secret's value that becomes part of a header as it is.
 * @throws SecretError `missing`, or `corrupt` where it holds what no header can carry
 */
export function headerSecret(secrets: ReadonlyMap<string, string>, name: string): string {
  const value = secretValue(secrets, name);
  if (FIT_FOR_HEADER.test(value)) return value;
  const what = /[^\P{Cc}\t]/u.test(value) ? "a control character" : "a character outside of Latin-1";
  throw new SecretError(`the secret ${name} holds ${what}, which no HTTP header can carry`, "corrupt", {
    hint: "store it again without that character; a key copied from a document may hold a typographic or an invisible one",
  });
}

/**
 * A secret's value.
 * @throws SecretError `missing`, or `corrupt` where it holds a line break or NUL
 */
export function secretValue(secrets: ReadonlyMap<string, string>, name: string): string {
  const value = secrets.get(name);
  if (value === undefined)
    throw new SecretError(`the secret ${name} is needed to authorize the request`, "missing", {});
  // A line break would end the header and start one of its own.
  const [odd] = /[\r\n\0]/.exec(value) ?? [];
  if (odd === undefined) return value;
  const what = odd === "\0" ? "NUL character" : "line break";
  throw new SecretError(`the secret ${name} holds a ${what}, which no HTTP header can carry`, "corrupt", {
    hint: `store it again without the ${what}`,
  });
}
