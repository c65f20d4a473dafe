import type { Location } from "../base/errors.ts";
import { neutralize } from "../base/text.ts";

const CONTEXT = 2;
/** Characters of a line that are shown; a longer line is cut around the place. */
const WIDTH = 100;

/** A window of the line that holds the place, and the place's column in it (from 0). */
function cut(line: string, column: number): { text: string; column: number } {
  if (line.length <= WIDTH) return { text: line, column };
  const start = Math.max(0, Math.min(column - WIDTH / 2, line.length - WIDTH));
  const text = `${start > 0 ? "…" : ""}${line.slice(start, start + WIDTH)}${start + WIDTH < line.length ? "…" : ""}`;
  return { text, column: column - start + (start > 0 ? 1 : 0) };
}

// One column each, so that the marker stands below what it marks.
const flat = (text: string) => neutralize(text.replaceAll("\t", " "));

/** The lines around a location with a marker below it; plain text without trailing newline. */
export function codeFrame(lines: readonly string[], location: Location): string {
  const first = Math.max(1, location.line - CONTEXT);
  const gutter = String(location.line).length;
  const rows: string[] = [];
  for (let number = first; number <= location.line; number++) {
    const here = number === location.line;
    const line = lines[number - 1] ?? "";
    const view = cut(line, here ? location.column - 1 : 0);
    rows.push(`${here ? ">" : " "} ${String(number).padStart(gutter)} | ${flat(view.text)}`.trimEnd());
    if (!here) continue;
    const sameLine = location.endLine === location.line ? (location.endColumn ?? 0) : line.length + 1;
    const length = Math.max(1, Math.min(sameLine - location.column, WIDTH - view.column));
    const before = flat(view.text.slice(0, view.column)).length;
    rows.push(`  ${" ".repeat(gutter)} | ${" ".repeat(before)}${"^".repeat(length)}`);
  }
  return rows.join("\n");
}
