/** A position in a text; both count from 1. */
export interface Position {
  line: number;
  column: number;
}

/** Bytes as text: UTF-8, or UTF-16 where a byte order mark says so. The mark itself is not part of the text. */
export function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder().decode(bytes);
}

/** Whether bytes are not those of UTF-16 with its mark. */
export function isUtf8(bytes: Uint8Array): boolean {
  return !(bytes[0] === 0xff && bytes[1] === 0xfe) && !(bytes[0] === 0xfe && bytes[1] === 0xff);
}

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
