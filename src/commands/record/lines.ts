import { Buffer, isAscii, isUtf8 } from "node:buffer";

const LINE_FEED = 0x0a;

/** A line that is no UTF-8: nothing in it is replaced unseen. */
export class NoUtf8 extends Error {
  override readonly name = "NoUtf8";
  /** Its number, from 1. */
  readonly line: number;

  constructor(line: number) {
    super(`line ${line} is not UTF-8 text`);
    this.line = line;
  }
}

/**
 * The lines of a text in UTF-8, as many at once as came with a chunk. They end at line feeds and nowhere else: what is a
 * separator of lines to others may stand in a JSON text. Cut as bytes and decoded one by one: a decoder for the whole would look
 * at every byte twice.
 * @throws NoUtf8
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  let open: Buffer[] = [];
  let number = 0;
  for await (const chunk of chunks) {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      const last = chunk.subarray(start, end);
      // Joined once, however many chunks a line is long.
      lines.push(decoded(open.length === 0 ? last : Buffer.concat([...open, last]), ++number));
      open = [];
      start = end + 1;
    }
    if (start < chunk.length) open.push(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  yield [decoded(Buffer.concat(open), ++number)];
}

/** Most lines are of ASCII alone, which is copied and not decoded. */
function decoded(line: Buffer, number: number): string {
  if (isAscii(line)) return line.toString("latin1");
  if (!isUtf8(line)) throw new NoUtf8(number);
  return line.toString("utf8");
}
