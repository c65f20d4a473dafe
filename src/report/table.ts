import Table from "cli-table3";
import type { Style } from "../base/result.ts";
import { neutralize } from "../base/text.ts";

/** Text of a cell, and the meaning it is coloured by. */
export type Cell = string | { text: string; tone: keyof Style };

const GAP = 2;
const NARROWEST = 6;
const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};

const textOf = (cell: Cell | undefined) => neutralize(typeof cell === "object" ? cell.text : (cell ?? ""));

/**
 * Takes from the widest column until all fit; no column below six characters. The first column says which row it is, so
 * it gives way last.
 */
function fitWidths(natural: readonly number[], columns: number): number[] {
  const [first = 0, ...rest] = natural;
  const total = () => rest.reduce((sum, width) => sum + width, 0);
  while (rest.length > 0 && first + total() > columns) {
    const widest = rest.indexOf(Math.max(...rest));
    const width = rest[widest] ?? 0;
    if (width <= NARROWEST + GAP) break;
    rest[widest] = width - 1;
  }
  return [Math.max(NARROWEST + GAP, Math.min(first, columns - total())), ...rest];
}

/**
 * Rows under a bold head, columns two spaces apart, no borders; cut with `…` to the width of the terminal. Text is
 * neutralised here.
 * @param options.align `right` for columns of numbers; default left
 */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  options: { columns: number; style: Style; align?: readonly ("left" | "right")[] },
): string {
  const { style, columns, align = [] } = options;
  const natural = head.map(
    (title, index) =>
      Math.max(title.length, ...rows.map((row) => textOf(row[index]).length)) +
      (index === head.length - 1 ? 0 : GAP),
  );
  const widths = fitWidths(natural, columns);
  const table = new Table({
    head: head.map((title, index) => {
      const gap = align[index] === "right" && index < head.length - 1 ? " ".repeat(GAP) : "";
      return `${style.bold(neutralize(title))}${gap}`;
    }),
    chars: NO_LINES,
    colWidths: widths,
    colAligns: head.map((_, index) => align[index] ?? "left"),
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
  });
  for (const row of rows) {
    table.push(
      head.map((_, index) => {
        const cell = row[index];
        const text = textOf(cell);
        // A cut cell keeps a space before the next column, and right-aligned numbers keep the gap on their right.
        const room = (widths[index] ?? 0) - (index === head.length - 1 ? 0 : GAP);
        const shown = text.length > room ? `${text.slice(0, Math.max(0, room - 1))}…` : text;
        const toned = typeof cell === "object" ? style[cell.tone](shown) : shown;
        return align[index] === "right" && index < head.length - 1 ? `${toned}${" ".repeat(GAP)}` : toned;
      }),
    );
  }
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
