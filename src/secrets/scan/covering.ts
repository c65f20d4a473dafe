import { SECRET_NAME_END } from "../../http/redact.ts";
import { VAULT_KEY_PREFIX } from "../stores/vault-key.ts";
import type { Detectors } from "./detectors.ts";
import { BEGUN_DIGITS, LEAST_DIGITS, LEAST_LENGTH } from "./randomness.ts";
import { LEAST_TOKEN } from "./tokens.ts";

const TOKEN = "[A-Za-z0-9_.-]";
const NO_DIGIT = "[A-Za-z_.-]";
/** Between a name and what is assigned to it. `\xa0` is a space to JavaScript, and none to others. */
const ASSIGNS = "[\"'\\]]?[\\s\\xa0]*(?:=>|[:=]=?)[\\s\\xa0]*[\"'`]?";

/**
 * So many characters of a token or more, and among all of them so many digits: what looks drawn by chance has some, most of
 * what is long has none. Regular expressions know no "and", so the digits are told from each other by where they stand.
 */
function withDigits(length: number, digits: number): string {
  if (digits === 0) return length > 0 ? `${TOKEN}{${length}}` : "";
  const behind = withDigits(length - 1, digits - 1);
  if (length <= 0) return `${NO_DIGIT}*[0-9]${behind}`;
  return `(?:[0-9]${behind}|${NO_DIGIT}${withDigits(length - 1, digits)})`;
}

/** Names of variables that no assignment is read to are left out. */
const isReadable = (name: string) => /^[\w.-]+$/.test(name);

const literally = (text: string) => text.replace(/[^\w-]/g, "\\$&");

/** Bytes as they are, none of which could be taken for syntax or for the end of a line. */
const byBytes = (bytes: Buffer) =>
  [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");

/** The longest part without a NUL: ripgrep takes that for the end of a line. */
function withoutNul(bytes: Buffer): Buffer {
  const parts = bytes.toString("latin1").split("\0");
  return Buffer.from(
    parts.reduce((best, part) => (part.length > best.length ? part : best), ""),
    "latin1",
  );
}

/** A token begins where no word goes on; before a dash there may be anything. */
const begun = (head: string) => (/^\w/.test(head) ? "\\b" : "") + literally(head);

/**
 * Regular expressions of ripgrep, one of which matches in every file in which the detectors find something: it may match in
 * others. Only in a line so long that it is looked at in pieces may the cut make a key of what is none.
 */
export function coveringPatterns({ patterns, known }: Detectors): string[] {
  const heads = [...new Set(patterns.heads)].map(begun).join("|");
  const variables = patterns.variables.filter(isReadable).map(literally).join("|");
  const assigned = `${ASSIGNS}${withDigits(LEAST_TOKEN, LEAST_DIGITS)}`;
  return [
    ...(heads === "" ? [] : [`(?:${heads})${withDigits(LEAST_LENGTH, BEGUN_DIGITS)}`]),
    ...(variables === "" ? [] : [`(?:${variables})${assigned}`]),
    `(?:(?i:${SECRET_NAME_END}))${assigned}`,
    literally(VAULT_KEY_PREFIX),
    ...known.literals.map((literal) => byBytes(withoutNul(literal))),
  ].map((pattern) => `(?-u)${pattern}`);
}
