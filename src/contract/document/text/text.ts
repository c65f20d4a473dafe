import { isAscii } from "node:buffer";

/** A position in a text; both count from 1, columns in UTF-16 units. */
export interface Position {
  line: number;
  column: number;
}

/** Where values stand in a document. A place that is not there gets its nearest ancestor's. */
export type Places = (paths: readonly (readonly string[])[]) => Position[];

const NEW_LINE = 10;

/** A document's bytes as UTF-8, whatever its byte order mark says that they are; the mark itself is not part of the text. */
export function toUtf8(bytes: Uint8Array): Buffer {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return Buffer.from(new TextDecoder("utf-16le").decode(bytes));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return Buffer.from(new TextDecoder("utf-16be").decode(bytes));
  const from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, bytes.byteLength - from);
}

/** UTF-8 as text; at half the cost where it is ASCII, as most documents are. */
export const textOf = (bytes: Buffer): string => bytes.toString(isAscii(bytes) ? "latin1" : "utf8");

/** Line and column of an offset. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf("\n"); next >= 0 && next < offset; next = text.indexOf("\n", start)) {
    line++;
    start = next + 1;
  }
  return { line, column: Math.max(1, offset - start + 1) };
}

/** Lines and columns of many offsets of one text in UTF-8, in one pass. */
export function positionsAt(bytes: Buffer, offsets: readonly number[]): Position[] {
  const found = new Map<number, Position>();
  let line = 1;
  let next = bytes.indexOf(NEW_LINE);
  /** Up to there `column` is known. */
  let at = 0;
  let column = 1;
  for (const offset of [...new Set(offsets)].sort((a, b) => a - b)) {
    while (next >= 0 && next < offset) {
      line++;
      at = next + 1;
      column = 1;
      next = bytes.indexOf(NEW_LINE, at);
    }
    column += unitsBetween(bytes, at, offset);
    at = offset;
    found.set(offset, { line, column });
  }
  return offsets.map((offset) => found.get(offset) ?? { line: 1, column: 1 });
}

/** How many UTF-16 units a part of an UTF-8 text takes. */
function unitsBetween(bytes: Buffer, start: number, end: number): number {
  let units = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

/** Lines and columns of many offsets of one text, in one pass. */
export class Lines {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let next = text.indexOf("\n"); next >= 0; next = text.indexOf("\n", next + 1))
      this.#starts.push(next + 1);
  }

  at(offset: number): Position {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}
