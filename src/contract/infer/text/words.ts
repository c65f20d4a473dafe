/** Longer strings are no words of a vocabulary, and are made anew each time. */
const LONGEST = 40;
const SLOTS = 4096;

/** Short strings that came lately, so that words that come again and again are made once: bounded, whatever comes. */
export class WordMemory {
  readonly #slots: (string | undefined)[] = new Array<string | undefined>(SLOTS).fill(undefined);

  /** The characters of a text from `start` to `end`, which `units` holds as well. */
  word(units: Uint16Array, text: string, start: number, end: number): string {
    const length = end - start;
    if (length > LONGEST) return text.slice(start, end);
    let hash = length;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (units[at] ?? 0), 16777619);
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const known = this.#slots[slot];
    if (known !== undefined && isAt(known, units, start, length)) return known;
    const word = text.slice(start, end);
    this.#slots[slot] = word;
    return word;
  }
}

function isAt(word: string, units: Uint16Array, start: number, length: number): boolean {
  if (word.length !== length) return false;
  for (let at = 0; at < length; at++) if (word.charCodeAt(at) !== units[start + at]) return false;
  return true;
}
