/** Shannon entropy of a text's characters, bits for each. A random hexadecimal text comes to 3.5 to 4, a word to less than 3. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}

/** Nothing shorter looks drawn by chance. */
export const LEAST_LENGTH = 16;
/** Digits in what looks drawn by chance, and in what besides begins like a provider's key. */
export const LEAST_DIGITS = 2;
export const BEGUN_DIGITS = 1;
const LEAST_BITS = 3;

/** Parts that people write: a word, a word with a number behind it, a number. */
const WRITTEN = /^(?:[A-Z]?[a-z]+\d{0,2}|[A-Z]+\d{0,2}|\d{1,4})$/;

/** What stands where a key belongs, in documentation and in templates. */
const MADE_UP = /(.)\1{5}|12345|abcdef|example|placeholder|your[-_]|change[-_]?me|dummy|redacted|xxxx/i;

/**
 * Whether text looks drawn by chance, rather than written by a person.
 * @param leastDigits what begins like a provider's key needs fewer to be believed
 */
export function looksRandom(text: string, leastDigits = LEAST_DIGITS): boolean {
  if (text.length < LEAST_LENGTH || MADE_UP.test(text)) return false;
  const digits = text.match(/\d/g)?.length ?? 0;
  const letters = text.match(/[A-Za-z]/g)?.length ?? 0;
  if (digits < leastDigits || letters < 2) return false;
  if (text.split(/[-_.]/).every((part) => part === "" || WRITTEN.test(part))) return false;
  return entropy(text) >= LEAST_BITS;
}
