import type { Finding } from "../../base/finding.ts";
import type { PlaceInShape } from "../../contract/adopt/at-path.ts";
import { propertyKey, quote } from "../emit/literal.ts";
import { zodExpression } from "../openapi/zod.ts";

interface Span {
  start: number;
  end: number;
}

/** A stretch of a text, and what stands there instead. */
export interface TextEdit extends Span {
  text: string;
}

/** How a schema is written at the path of a finding. */
export interface Written {
  /** The whole file. */
  text: string;
  value: Span;
  property?: { entry: Span; name: Span };
  /** The list of an enum's values, in its brackets. */
  members?: Span;
}

/** What becomes of one place of a schema. */
export interface Amendment extends TextEdit {
  /** In a person's words: `taken out`. */
  said: string;
}

/** The lines of an entry, with the comment right above it and the comma behind it. */
function wholeLines(text: string, { start, end }: Span): Span {
  const comma = /^\s*,/.exec(text.slice(end))?.[0].length ?? 0;
  const rest = /^[ \t]*(\r?\n)?/.exec(text.slice(end + comma))?.[0] ?? "";
  const before = /(?:^|\n)((?:[ \t]*\/\*\*(?:(?!\*\/)[\s\S])*\*\/[ \t]*\r?\n)?[ \t]*)$/.exec(
    text.slice(0, start),
  );
  const ownLine = before !== null && rest.includes("\n");
  return ownLine
    ? { start: start - (before[1] ?? "").length, end: end + comma + rest.length }
    : { start, end: end + comma };
}

const indentAt = (text: string, offset: number) =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1))?.[0] ?? "";

function replaced({ text, value }: Written, { shape, required }: PlaceInShape): Amendment {
  const indent = indentAt(text, value.start);
  const expression = zodExpression(shape).replaceAll("\n", `\n${indent}`);
  return {
    ...value,
    text: required ? expression : `${expression}.optional()`,
    said: "as it is answered now",
  };
}

function wrapped({ text, value }: Written, method: string, said: string): Amendment {
  const source = text.slice(value.start, value.end);
  // An arrow function or a cast would take the method for its own.
  const plain = /^[\w.]+(\(|$)/.test(source);
  // Put behind it, so that two of them may stand there.
  if (plain) return { start: value.end, end: value.end, text: `.${method}()`, said };
  return { ...value, text: `(${source}).${method}()`, said };
}

/** One more value in the list of an enum, written as the others are. */
function withMember(text: string, list: Span, value: string): Amendment {
  const inner = text.slice(list.start + 1, list.end - 1);
  const written = inner.trimEnd();
  const at = list.start + 1 + written.length;
  const open = written.endsWith(",");
  const gap = inner.includes("\n") ? `\n${indentAt(text, at)}` : " ";
  const before = written === "" ? "" : open ? gap : `,${gap}`;
  return {
    start: at,
    end: at,
    text: `${before}${quote(value)}${open ? "," : ""}`,
    said: `knows ${quote(value)} now`,
  };
}

/**
 * What our schema has to say so that it reads what the API returns now: a property that is gone for good is taken out, so
 * that the compiler names every line that reads it; one that may be missing or null says so; anything else is written as
 * the answers have it.
 * @param live what the answers have at the path; undefined where they have nothing
 * @returns undefined where that cannot be told from here
 */
export function amendmentOf(
  { rule, after, evidence }: Pick<Finding, "rule" | "after" | "evidence">,
  written: Written,
  live: PlaceInShape | undefined,
): Amendment | undefined {
  const { property, members, text } = written;
  if (rule === "contract/enum-value-added" && members && typeof after === "string") {
    return withMember(text, members, String(JSON.parse(after)));
  }
  if (rule === "contract/property-renamed" && property) {
    return { ...property.name, text: propertyKey(String(after)), said: `called ${String(after)} now` };
  }
  if (live === undefined) {
    if (!property) return undefined;
    const certain = rule === "contract/property-removed" && evidence?.thin !== true;
    if (!certain) return wrapped(written, "optional", "may be missing");
    return { ...wholeLines(text, property.entry), text: "", said: "taken out" };
  }
  if (rule === "contract/became-nullable") return wrapped(written, "nullable", "may be null");
  if (rule === "contract/property-became-optional") return wrapped(written, "optional", "may be missing");
  return replaced(written, live);
}

/** The edits without repetitions, and without those that follow what another one replaces: that says it too. */
export function distinct<E extends TextEdit>(edits: readonly E[]): E[] {
  const once = [...new Map(edits.map((edit) => [`${edit.start} ${edit.end} ${edit.text}`, edit])).values()];
  return once.filter(
    ({ start, end }) => start !== end || !once.some((other) => other.start < start && other.end >= start),
  );
}

/** A text with edits that do not overlap; of two that do, the first in order of the text holds. */
export function editAll(text: string, edits: readonly TextEdit[]): string {
  let out = "";
  let end = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    if (edit.start < end) continue;
    out += text.slice(end, edit.start) + edit.text;
    end = edit.end;
  }
  return out + text.slice(end);
}

/** The line, counted from 1, on which a place stands once all edits are made. */
export function lineAfter(
  text: string,
  edits: readonly TextEdit[],
  { start }: Pick<TextEdit, "start">,
): number {
  const earlier = edits.filter((edit) => edit.start < start);
  const upTo = editAll(text, earlier).length - (text.length - start);
  return editAll(text, edits).slice(0, upTo).split("\n").length;
}
