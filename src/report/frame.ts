import type { Location } from "../base/errors.ts";
import type { Style } from "../base/result.ts";
import { neutralize, truncate } from "../base/text.ts";

const TAB = "  ";

/** How far the marker reaches: to the given end, else over the word that begins at the column. */
function markedLength(line: string, { line: from, column, endLine, endColumn }: Location): number {
  if (endColumn !== undefined && (endLine ?? from) === from) return Math.max(1, endColumn - column);
  return /^[\w$"'.-]+/.exec(line.slice(column - 1))?.[0].length ?? 1;
}

/**
 * The lines around a place in a file, the line itself marked with `>` and the place underlined:
 *
 *       12 | export const Customer = z.object({
 *     > 13 |   email: z.string(),
 *          |   ^^^^^
 *
 * Empty where the file has no such line (it changed since).
 * @param source the whole file
 */
export function codeFrame(
  source: string,
  location: Location,
  { style, columns, around = 1 }: { style: Style; columns: number; around?: number },
): string[] {
  const lines = source.split(/\r\n|\n|\r/);
  const marked = lines[location.line - 1];
  if (marked === undefined) return [];
  const last = Math.min(lines.length, location.line + around);
  const gutter = String(last).length;
  const room = Math.max(20, columns - gutter - 5);
  const show = (text: string) => truncate(neutralize(text.replaceAll("\t", TAB)), room);
  const out: string[] = [];
  for (let number = Math.max(1, location.line - around); number <= last; number++) {
    const text = lines[number - 1] ?? "";
    const label = String(number).padStart(gutter);
    if (number !== location.line) {
      out.push(style.dim(`  ${label} | ${show(text)}`.trimEnd()));
      continue;
    }
    const before = neutralize(text.slice(0, location.column - 1).replaceAll("\t", TAB)).length;
    out.push(`${style.red(">")} ${style.bold(label)} ${style.dim("|")} ${show(text)}`);
    if (before >= room) continue;
    const length = Math.min(markedLength(text, location), room - before);
    out.push(
      `  ${" ".repeat(gutter)} ${style.dim("|")} ${" ".repeat(before)}${style.red("^".repeat(length))}`,
    );
  }
  return out;
}
