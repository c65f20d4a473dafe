import { stripVTControlCharacters } from "node:util";

const widthOf = (text: string) => stripVTControlCharacters(text).length;

/**
 * Lays pieces out in lines that fit the terminal. No piece is broken; one that is wider than a line has a line of its own.
 * @param gap between two pieces of a line; its trailing space is left out where a line ends
 * @param indent columns before every line but the first
 */
export function flow(pieces: readonly string[], columns: number, { gap = " ", indent = 2 } = {}): string[] {
  const [first = "", ...rest] = pieces;
  const lines = [first];
  for (const piece of rest) {
    const line = `${lines.at(-1)}${gap}`;
    if (widthOf(line) + widthOf(piece) <= columns) lines[lines.length - 1] = line + piece;
    else {
      lines[lines.length - 1] = line.trimEnd();
      lines.push(`${" ".repeat(indent)}${piece}`);
    }
  }
  return lines;
}

/** Words that may stand on different lines: a figure keeps its unit. */
export const words = (text: string): string[] => text.split(/ (?!(?:µs|ms|s|m|h|d)\b)/);
