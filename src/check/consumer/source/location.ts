import type { Location } from "../../../base/errors.ts";

/** The place of a stretch of a file's text, by offsets in UTF-16 code units. */
export function locationIn(
  { file, text }: { file: string; text: string },
  start: number,
  end: number,
): Location {
  const before = text.slice(0, start);
  const line = before.split("\n").length;
  const column = start - before.lastIndexOf("\n");
  return { file, line, column, endLine: line, endColumn: column + end - start };
}
