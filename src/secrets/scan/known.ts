import { LEAST_TOKEN } from "./tokens.ts";

/** A value that a store holds. It is compared and never shown. */
export interface KnownValue {
  /** `stripe/api_key` */
  secret: string;
  environment: string;
  value: string;
}

/** A value is looked for by one line of it; shorter ones would be found everywhere. */
const LEAST = 8;

/** The longest part of a text that the scan meets as one token: what is encoded may hold `+`, `/` and `=` besides. */
function longestToken(text: string): string {
  return text.split(/[^\w-]+/).reduce((best, part) => (part.length > best.length ? part : best), "");
}

/** Finds values that are in use, whatever they look like. */
export class KnownValues {
  /** Tokens, met while the text is taken apart anyway. */
  readonly #tokens = new Map<string, KnownValue>();
  /** The same in base64, as in a Kubernetes secret; its text is cut into tokens where ours was. */
  readonly #encoded = new Map<string, KnownValue>();
  /** Anything else is searched for. */
  readonly #needles: { bytes: Buffer; known: KnownValue }[] = [];

  constructor(values: readonly KnownValue[]) {
    for (const known of values) {
      for (const encoding of ["base64", "base64url"] as const) {
        const token = longestToken(Buffer.from(known.value).toString(encoding));
        if (token.length >= LEAST_TOKEN) this.#encoded.set(token, known);
      }
      // Of a value of several lines (a PEM key) the longest: it survives other line ends and indentation.
      const lines = known.value.split("\n").map((line) => line.trim());
      const needle = lines.reduce((best, line) => (line.length > best.length ? line : best), "");
      if (needle.length < LEAST) continue;
      const isToken = needle.length >= LEAST_TOKEN && /^[\w-](?:[\w.-]*[\w-])?$/.test(needle);
      if (isToken) this.#tokens.set(needle, known);
      else this.#needles.push({ bytes: Buffer.from(needle, "utf8"), known });
    }
  }

  /** What at least one of stands, byte for byte, wherever a value is found. */
  get literals(): Buffer[] {
    const tokens = [...this.#tokens.keys(), ...this.#encoded.keys()];
    return [...tokens.map((token) => Buffer.from(token)), ...this.#needles.map(({ bytes }) => bytes)];
  }

  get hasTokens(): boolean {
    return this.#tokens.size > 0 || this.#encoded.size > 0;
  }

  /** Whether a token is a value, or contains one. */
  ofToken(token: string): KnownValue | undefined {
    const exact = this.#tokens.get(token) ?? this.#encoded.get(token);
    if (exact || this.#tokens.size === 0) return exact;
    // `KEY=value` is one token where nothing but a dash or a dot joins the two.
    for (const [value, known] of this.#tokens) {
      if (value.length < token.length && token.includes(value)) return known;
    }
    return undefined;
  }

  /** Values that are no tokens, with the place of each occurrence. */
  eachIn(bytes: Buffer, visit: (start: number, end: number, known: KnownValue) => void): void {
    for (const { bytes: needle, known } of this.#needles) {
      for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + needle.length)) {
        visit(at, at + needle.length, known);
      }
    }
  }
}
