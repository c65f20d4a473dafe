import type { NumberFacet, StringFacet } from "../../contract/shape.ts";
import { between, oneOf } from "./random.ts";

const HEX = "0123456789abcdef";
const WORDS = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron"] as const;

const hex = (length: number, random: () => number) =>
  Array.from({ length }, () => HEX[Math.floor(random() * 16)]).join("");

const word = (random: () => number) => oneOf(WORDS, random) ?? WORDS[0];

/** Some day of 2025. */
const moment = (random: () => number) =>
  new Date(Date.UTC(2025, 0, 1) + between(0, 31_535_999, random) * 1000);

const BY_FORMAT: Readonly<Record<string, (random: () => number) => string>> = {
  "date-time": (random) => moment(random).toISOString(),
  date: (random) => moment(random).toISOString().slice(0, 10),
  time: (random) => moment(random).toISOString().slice(11),
  duration: (random) => `PT${between(1, 59, random)}M`,
  email: (random) => `${word(random)}@example.com`,
  hostname: (random) => `${word(random)}.example.com`,
  ipv4: (random) => `192.0.2.${between(1, 254, random)}`,
  ipv6: (random) => `2001:db8::${hex(4, random)}`,
  uri: (random) => `https://example.com/${word(random)}`,
  url: (random) => `https://example.com/${word(random)}`,
  uuid: (random) =>
    `${hex(8, random)}-${hex(4, random)}-4${hex(3, random)}-a${hex(3, random)}-${hex(12, random)}`,
};

/** A string of the facet, as far as its patterns allow: whether it fits is for the caller to see. */
export function exampleString(facet: StringFacet, random: () => number): string {
  if (facet.enum) return oneOf([...facet.enum], random) ?? "";
  const formatted = facet.format === undefined ? undefined : BY_FORMAT[facet.format]?.(random);
  const plain =
    formatted ?? (facet.patterns.length > 0 ? fromPattern(facet.patterns[0] ?? "", random) : word(random));
  const length = [...plain].length;
  if (length < facet.minLength) return plain + hex(facet.minLength - length, random);
  return facet.maxLength === undefined ? plain : [...plain].slice(0, facet.maxLength).join("");
}

/** Letters of a class such as `[A-Za-z0-9_]`. */
function lettersOf(content: string): string {
  const letters = content
    .replaceAll(/\\d/g, "0-9")
    .replaceAll(/\\w/g, "A-Za-z0-9_")
    .replaceAll(/([^\\])-([^\]])/g, (_, from: string, to: string) => {
      const codes = Array.from(
        { length: to.charCodeAt(0) - from.charCodeAt(0) + 1 },
        (_, i) => from.charCodeAt(0) + i,
      );
      return String.fromCharCode(...codes);
    });
  return letters.replaceAll("\\", "");
}

const PIECE = /\[([^\]^][^\]]*)\]|\\([dw])|\\?([\w\-:/.@#=+ ])/y;
const TIMES = /\{(\d+)(?:(,)(\d*))?\}|([+*?])/y;

/** Walks prefixes, classes and counts: what patterns of ids are made of. Nothing else is understood. */
function fromPattern(pattern: string, random: () => number): string {
  const body = pattern
    .replace(/^\^/, "")
    .replace(/\$$/, "")
    .replaceAll(/\((?:\?:)?(\w+)(?:\|\w+)*\)/g, "$1");
  let text = "";
  for (let at = 0; at < body.length; ) {
    PIECE.lastIndex = at;
    const piece = PIECE.exec(body);
    if (!piece) return text;
    TIMES.lastIndex = PIECE.lastIndex;
    const times = TIMES.exec(body);
    at = times ? TIMES.lastIndex : PIECE.lastIndex;
    const [, content, shorthand, letter = ""] = piece;
    const letters = content
      ? lettersOf(content)
      : shorthand === "d"
        ? "0123456789"
        : shorthand === "w"
          ? HEX
          : letter;
    const least = times?.[1] === undefined ? (times?.[4] === "+" || !times ? 1 : 0) : Number(times[1]);
    const most = times?.[4] === "+" || times?.[2] ? least + 7 : least;
    const count = Math.min(between(least, most, random), Number(times?.[3] || Number.MAX_SAFE_INTEGER));
    for (let i = 0; i < count; i++) text += letters[Math.floor(random() * letters.length)] ?? "";
  }
  return text;
}

/** A number of the facet. */
export function exampleNumber(facet: NumberFacet, random: () => number): number {
  if (facet.enum) return oneOf([...facet.enum], random) ?? 0;
  if (facet.format === "epoch-seconds") return Math.floor(moment(random).getTime() / 1000);
  if (facet.format === "epoch-milliseconds") return moment(random).getTime();
  const low = facet.min?.value ?? Math.min(0, (facet.max?.value ?? 100) - 100);
  const high = facet.max?.value ?? Math.max(1000, low + 1000);
  const step = facet.multipleOf ?? (facet.integer ? 1 : 0.5);
  const first =
    Math.ceil(low / step) + (facet.min?.exclusive && Math.ceil(low / step) * step === low ? 1 : 0);
  const last =
    Math.floor(high / step) - (facet.max?.exclusive && Math.floor(high / step) * step === high ? 1 : 0);
  // No step lies between: anything in the middle is.
  return last < first ? (low + high) / 2 : between(first, last, random) * step;
}
