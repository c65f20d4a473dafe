import type { Detectors } from "./detectors.ts";
import { findKeys, type Hit } from "./text.ts";

const NEWLINE = 10;
/** What is looked at in one piece. */
export const WHOLE = 4 << 20;
/** Bytes of a file that tell whether it is text, as git looks at them. */
const SNIFF = 8000;
/** A line longer than this is cut: a key that lies across the cut is found by the overlap. */
const LONGEST_LINE = 1 << 20;
const OVERLAP = 4096;

export function isBinary(bytes: Buffer): boolean {
  const at = bytes.indexOf(0);
  return at >= 0 && at < SNIFF;
}

/**
 * Finds keys in a file of any size that comes in pieces; memory stays bounded. What holds a NUL byte at its beginning is
 * binary, and nothing is looked for in it.
 */
export class KeyScan {
  readonly #detectors: Detectors;
  readonly #hits: Hit[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #line = 1;
  #binary: boolean | undefined;

  constructor(detectors: Detectors) {
    this.#detectors = detectors;
  }

  push(chunk: Buffer): void {
    this.#binary ??= isBinary(chunk);
    if (this.#binary) return;
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end === 0 && bytes.length < LONGEST_LINE) {
      this.#rest = Buffer.from(bytes);
      return;
    }
    const stop = end === 0 ? bytes.length : end;
    this.#look(bytes.subarray(0, stop));
    for (let at = bytes.indexOf(NEWLINE); at >= 0 && at < stop; at = bytes.indexOf(NEWLINE, at + 1))
      this.#line++;
    // A copy: the chunk's memory may be used again.
    this.#rest = Buffer.from(bytes.subarray(end === 0 ? stop - OVERLAP : end));
  }

  /** What was found, the same place once. */
  end(): Hit[] {
    if (this.#rest.length > 0) this.#look(this.#rest);
    this.#rest = Buffer.alloc(0);
    const places = new Map(this.#hits.map((hit) => [`${hit.line} ${hit.text}`, hit]));
    return [...places.values()];
  }

  #look(bytes: Buffer): void {
    this.#hits.push(...findKeys(bytes, this.#line, this.#detectors));
  }
}
