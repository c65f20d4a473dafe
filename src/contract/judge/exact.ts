import type { Body } from "../../http/body.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Shorter integers are all held exactly: 2^53 has so many digits. */
const LONG = 16;
const LONG_INTEGER = /^-?\d{16,}$/;
/** Longer than any double; so many digits are told and no more, since reading them takes quadratic time. */
const MOST_DIGITS = 300;
/** No string of the text begins with it: JSON writes it as an escape, and texts with that escape are left alone. */
const MARK = "\u0000";
const MARK_ESCAPED = "\\u0000";

/**
 * A JSON body's value in which the integers that `JSON.parse` would read as another number are bigints. Such as can be held
 * exactly, 2^53 and 10^20 among them, are numbers as ever; so are fractions and powers (`1e30`): nobody writes an id like that.
 */
export function exactValue({ value, text }: Extract<Body, { kind: "json" }>): unknown {
  if (!hasLongRun(text) || text.includes(MARK_ESCAPED)) return value;
  const marked = markLossy(text);
  if (marked === undefined) return value;
  return JSON.parse(marked, (_name, one: unknown) =>
    typeof one === "string" && one.startsWith(MARK) ? BigInt(one.slice(1)) : one,
  );
}

const isDigit = (code: number) => code >= 0x30 && code <= 0x39;

/** Whether so many digits follow each other somewhere: such a run has one of them at a multiple of its length. */
export function hasLongRun(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (start > 0 && isDigit(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (end < text.length && isDigit(text.charCodeAt(end))) end++;
    if (end - start >= LONG) return true;
  }
  return false;
}

/** The text with each integer that is not held exactly as a marked string; undefined where there is none. */
function markLossy(text: string): string | undefined {
  const parts: string[] = [];
  let copied = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === 0x2d || isDigit(code)) {
      NUMBER.lastIndex = at;
      const literal = NUMBER.exec(text)?.[0] ?? "";
      const end = at + Math.max(1, literal.length);
      if (isLossy(literal)) {
        parts.push(text.slice(copied, at), `"${MARK_ESCAPED}${literal.slice(0, MOST_DIGITS)}"`);
        copied = end;
      }
      at = end - 1;
    }
  }
  return copied === 0 ? undefined : parts.join("") + text.slice(copied);
}

function isLossy(literal: string): boolean {
  if (!LONG_INTEGER.test(literal)) return false;
  return literal.length > MOST_DIGITS || BigInt(Number(literal)) !== BigInt(literal);
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return text.length;
}
