/** What stands in a masked text in place of a secret. */
export const MASK = "***";

/** Shorter values are not masked: they would be found everywhere. */
export const SHORTEST_MASKED = 6;

/** Lines of a value of several lines are masked on their own from this length on. */
const SHORTEST_LINE = 12;

/** Fewer characters of base64 would be found by chance. */
const SHORTEST_BASE64 = 8;

/**
 * The characters of base64 that a value yields wherever it stands within a longer text that is encoded as a whole, such
 * as `user:password` of basic authentication: one form for each of the three alignments.
 */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    const start = Math.ceil((offset * 8) / 6);
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    const stable = encoded.slice(start, end);
    return [stable, stable.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function formsOf(value: string): string[] {
  const bytes = Buffer.from(value, "utf8");
  const percent = encodeURIComponent(bytes.toString("utf8"));
  const form = new URLSearchParams([["", value]]).toString().slice(1);
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    percent,
    form,
    percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    ...lines.filter((line) => line.length >= SHORTEST_LINE),
    ...base64Forms(bytes).filter((text) => text.length >= SHORTEST_BASE64),
  ];
}

/** Bytes as a string of one character per byte, so that any output can be searched and comes out unharmed. */
const toBinary = (text: string) => Buffer.from(text, "utf8").toString("latin1");

function needlesFor(values: Iterable<string>): string[] {
  const forms = [...values].filter((value) => value.length >= SHORTEST_MASKED).flatMap(formsOf);
  return [...new Set(forms.filter((form) => form.length >= SHORTEST_MASKED).map(toBinary))].sort(
    (a, b) => b.length - a.length || (a < b ? -1 : 1),
  );
}

/** Masks a stream of bytes. What may be the beginning of a secret is held back until the next bytes decide. */
export interface Masker {
  push(chunk: Uint8Array): Buffer;
  /** What was still held back. */
  end(): Buffer;
}

/**
 * What to look for, by how it begins. No regular expression is made of it: a long value makes one that the engine refuses,
 * in an error that quotes it.
 */
class Needles {
  readonly longest: number;
  /** Whether any begins with a byte, and with two. */
  readonly #first = new Uint8Array(256);
  readonly #pair = new Uint8Array(65_536);
  readonly #byHead = new Map<string, string[]>();
  readonly #all: readonly string[];

  /** @param needles of at least `SHORTEST_MASKED` characters, one for each byte; the longest first */
  constructor(needles: readonly string[]) {
    this.#all = needles;
    this.longest = needles[0]?.length ?? 0;
    for (const needle of needles) {
      this.#first[needle.charCodeAt(0)] = 1;
      this.#pair[needle.charCodeAt(0) * 256 + needle.charCodeAt(1)] = 1;
      const head = needle.slice(0, SHORTEST_MASKED);
      const known = this.#byHead.get(head);
      if (known) known.push(needle);
      else this.#byHead.set(head, [needle]);
    }
  }

  /** Cheap: whether it is worth to look closer. */
  mayBeginAt(text: string, at: number): boolean {
    const code = text.charCodeAt(at);
    if (at + 1 === text.length) return this.#first[code] === 1;
    return this.#pair[code * 256 + text.charCodeAt(at + 1)] === 1;
  }

  #headedAs(text: string, at: number): readonly string[] {
    return this.#byHead.get(text.slice(at, at + SHORTEST_MASKED)) ?? [];
  }

  /** The longest that stands here. */
  at(text: string, at: number): string | undefined {
    return this.#headedAs(text, at).find((needle) => text.startsWith(needle, at));
  }

  /** Whether the text ends before it is clear that none, or no longer one, stands here. */
  mayGoOn(text: string, at: number): boolean {
    const left = text.length - at;
    if (left >= this.longest) return false;
    const tail = text.slice(at);
    const candidates = left < SHORTEST_MASKED ? this.#all : this.#headedAs(text, at);
    return candidates.some((needle) => needle.length > left && needle.startsWith(tail));
  }
}

/**
 * Masks values, and what base64, URL and JSON encoding make of them. The longest match wins, however the stream is cut
 * into chunks.
 */
export function createMasker(values: Iterable<string>): Masker {
  const needles = new Needles(needlesFor(values));
  let held = "";

  const mask = (text: string, final: boolean): Buffer => {
    let out = "";
    let copied = 0;
    let at = 0;
    held = "";
    while (at < text.length) {
      if (!needles.mayBeginAt(text, at)) {
        at++;
        continue;
      }
      if (!final && needles.mayGoOn(text, at)) {
        held = text.slice(at);
        return Buffer.from(out + text.slice(copied, at), "latin1");
      }
      const found = needles.at(text, at);
      if (found !== undefined) out += text.slice(copied, at) + MASK;
      at += found?.length ?? 1;
      if (found !== undefined) copied = at;
    }
    return Buffer.from(out + text.slice(copied), "latin1");
  };
  return {
    push: (chunk) => mask(held + Buffer.from(chunk).toString("latin1"), false),
    end: () => mask(held, true),
  };
}

/** Masks a whole text. */
export function maskText(text: string, values: Iterable<string>): string {
  const masker = createMasker(values);
  return Buffer.concat([masker.push(Buffer.from(text, "utf8")), masker.end()]).toString("utf8");
}
