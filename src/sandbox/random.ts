/** Numbers in [0, 1) that follow from the seed alone (mulberry32), so that the same seed gives the same data everywhere. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** `cus_` and 14 letters or digits, the look of a provider's identifiers. */
export function identifier(prefix: string, random: () => number, length = 14): string {
  const letters = Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]);
  return `${prefix}_${letters.join("")}`;
}
