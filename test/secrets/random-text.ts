import { randomInt } from "node:crypto";

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

/**
 * Text as providers' keys are made of, drawn anew in each run: no key, real or realistic, stands in a file of ours. At
 * least every eighth character is a digit.
 */
export function randomText(length: number, alphabet = LETTERS): string {
  const digits = [...alphabet].filter((char) => /\d/.test(char));
  return Array.from({ length }, (_, index) =>
    index % 8 === 3 ? digits[randomInt(digits.length)] : alphabet[randomInt(alphabet.length)],
  ).join("");
}
