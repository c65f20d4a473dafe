import type { HttpResponse } from "./exchange.ts";

/** What a body turned out to be, by what it holds first and by its Content-Type second. */
export type Body =
  /** `text` is the source of `value`: it alone tells 1.0 from 1, and integers beyond 2^53. */
  | { kind: "json"; readonly value: unknown; text: string }
  | { kind: "empty" }
  | { kind: "html"; text: string }
  | { kind: "text"; text: string }
  /** Says it is JSON, and cannot be read as such. The reason never quotes the body. */
  | { kind: "invalid"; reason: string; text: string };

/** Deeper than any API's answer; code that walks it recursively is safe below. */
export const MAX_NESTING = 256;

/** `[` and `{` differ in this bit only, and so do `]` and `}`. */
const SQUARE = 0xdf;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** Whether brackets nest deeper than `limit` outside strings. */
function nestsDeeper(text: string, limit: number): boolean {
  return hasMoreOpened(text, limit) && nesting(text, limit) > limit;
}

/** Whether more brackets open, strings included, than nesting beyond `limit` takes: most texts have fewer. */
function hasMoreOpened(text: string, limit: number): boolean {
  return countOf(text, "{", limit) + countOf(text, "[", limit) > limit;
}

/** How often a character occurs, counted no further than beyond `limit`. By searching: that is many times as fast as looking at each. */
function countOf(text: string, character: string, limit: number): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0 && count <= limit; at = text.indexOf(character, at + 1))
    count++;
  return count;
}

/** How deep brackets nest, outside strings; stops counting beyond `limit`. */
function nesting(text: string, limit: number): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length && deepest <= limit; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if ((code & SQUARE) === OPEN) deepest = Math.max(deepest, ++depth);
    else if ((code & SQUARE) === CLOSE) depth--;
  }
  return deepest;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at;
  }
  return text.length;
}

/** A byte order mark is dropped by the decoder. */
const UTF8 = new TextDecoder("utf-8", { fatal: true });

const charsetOf = (contentType: string) => /charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];

function decode(bytes: Uint8Array, contentType: string): string | undefined {
  const charset = charsetOf(contentType);
  try {
    const decoder = charset === undefined ? UTF8 : new TextDecoder(charset, { fatal: true });
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** JSON is UTF-8 where nothing else is said. */
const whyNoText = (contentType: string): string =>
  charsetOf(contentType) === undefined ? "no UTF-8" : "no text in the character set that it names";

function whyInvalid(error: unknown, text: string): string {
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
  const trimmed = text.trimEnd();
  const cut = trimmed !== "" && !/[}\]"\dels]$/.test(trimmed);
  const unfinished = cut || /unterminated|unexpected end/i.test(error instanceof Error ? error.message : "");
  if (unfinished) return `not valid JSON: it ends after ${text.length} characters in the middle of a value`;
  return position ? `not valid JSON at character ${Number(position) + 1}` : "not valid JSON";
}

/** A text was taken for JSON that is none: `readBody` tells what is wrong with it. */
export class NotJsonError extends Error {}

/** A text that has the marks of JSON; whether it is JSON shows where its value is asked for. */
class PresumedJson {
  readonly kind = "json";
  readonly text: string;
  #parsed: { value: unknown } | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** @throws NotJsonError */
  get value(): unknown {
    try {
      this.#parsed ??= { value: JSON.parse(this.text) };
    } catch (cause) {
      throw new NotJsonError("a text that was taken for JSON is none", { cause });
    }
    return this.#parsed.value;
  }
}

/** Whether a text begins and ends as an object or a list does. */
function isEnclosed(text: string): boolean {
  const whole = text.trim();
  return (whole.startsWith("{") && whole.endsWith("}")) || (whole.startsWith("[") && whole.endsWith("]"));
}

function presume(text: string): Body {
  return isEnclosed(text) && !nestsDeeper(text, MAX_NESTING) ? new PresumedJson(text) : parse(text);
}

function parse(text: string): Body {
  if (nestsDeeper(text, MAX_NESTING)) {
    return { kind: "invalid", reason: `JSON nested deeper than ${MAX_NESTING} levels`, text };
  }
  try {
    return { kind: "json", value: JSON.parse(text), text };
  } catch (error) {
    return { kind: "invalid", reason: whyInvalid(error, text), text };
  }
}

/** One answer is read by the probe, by the check and by the contract; it is parsed once. */
const known = new WeakMap<object, Body>();

/**
 * Reads a response's body: JSON, empty, HTML, other text, or JSON that is broken. A body without a JSON Content-Type
 * counts as JSON when it parses as an object or array. The same response gives the same body, whose value nobody changes.
 * Never throws.
 */
export function readBody(response: Pick<HttpResponse, "body" | "headers">): Body {
  const before = known.get(response);
  if (before !== undefined) return before;
  const body = read(response, parse);
  known.set(response, body);
  return body;
}

/** Bodies that were taken for what they say they are, until somebody reads them. */
const presumed = new WeakMap<object, Body>();

/**
 * `readBody` for whoever hands the text on to somebody else who parses it: a text that says it is JSON, and begins and ends as
 * JSON does, is taken for JSON. It is parsed where its value is asked for, which throws `NotJsonError` where it was taken
 * wrongly. Does not throw itself.
 */
export function presumeBody(response: Pick<HttpResponse, "body" | "headers">): Body {
  const before = known.get(response) ?? presumed.get(response);
  if (before !== undefined) return before;
  const body = read(response, presume);
  presumed.set(response, body);
  return body;
}

function read(
  { body, headers }: Pick<HttpResponse, "body" | "headers">,
  readJson: (text: string) => Body,
): Body {
  const type = headers["content-type"] ?? "";
  const claimsJson = /[/+]json\b/i.test(type);
  const text = decode(body, type);
  if (text === undefined) {
    return claimsJson
      ? { kind: "invalid", reason: whyNoText(type), text: "" }
      : { kind: "text", text: Buffer.from(body).toString("latin1") };
  }
  const start = text.trimStart();
  if (start === "") return { kind: "empty" };
  if (
    /^<(?:!doctype html|html|head|body)\b/i.test(start) ||
    (/^text\/html/i.test(type) && start.startsWith("<"))
  ) {
    return { kind: "html", text };
  }
  if (claimsJson) return readJson(text);
  const looksJson = start.startsWith("{") || start.startsWith("[");
  const parsed = looksJson ? parse(text) : undefined;
  return parsed?.kind === "json" ? parsed : { kind: "text", text };
}
