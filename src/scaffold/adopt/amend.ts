import type { Finding } from "../../base/finding.ts";
import type { PlaceInShape } from "../../contract/adopt/at-path.ts";
import { propertyKey } from "../emit/literal.ts";
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
  return { ...value, text: `${plain ? source : `(${source})`}.${method}()`, said };
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
  const { property, text } = written;
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

/** The line, counted from 1, on which an edit stands once all are made. */
export function lineAfter(text: string, edits: readonly TextEdit[], edit: TextEdit): number {
  const earlier = edits.filter(({ start }) => start < edit.start);
  const upTo = editAll(text, earlier).length - (text.length - edit.start);
  return editAll(text, edits).slice(0, upTo).split("\n").length;
}
