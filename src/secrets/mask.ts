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
 * Masks values, and what base64, URL and JSON encoding make of them. The longest match wins, however the stream is cut
 * into chunks.
 */
export function createMasker(values: Iterable<string>): Masker {
  const needles = needlesFor(values);
  const longest = needles[0]?.length ?? 0;
  const byFirst = new Map<string, string[]>();
  for (const needle of needles) {
    const first = needle.charAt(0);
    byFirst.set(first, [...(byFirst.get(first) ?? []), needle]);
  }
  const escaped = needles.map((needle) => needle.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  const pattern = needles.length > 0 ? new RegExp(escaped.join("|"), "g") : undefined;
  let held = "";

  /** Where, from `from` on, the end of the text may be the beginning of a secret. */
  const holdFrom = (text: string, from: number): number => {
    for (let at = Math.max(from, text.length - longest + 1); at < text.length; at++) {
      const candidates = byFirst.get(text.charAt(at));
      const tail = candidates && text.slice(at);
      if (tail && candidates.some((needle) => needle.length > tail.length && needle.startsWith(tail)))
        return at;
    }
    return text.length;
  };

  const mask = (text: string, final: boolean): Buffer => {
    if (!pattern) return Buffer.from(text, "latin1");
    let out = "";
    let at = 0;
    for (;;) {
      const hold = final ? text.length : holdFrom(text, at);
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (!match || match.index >= hold) {
        out += text.slice(at, hold);
        held = text.slice(hold);
        return Buffer.from(out, "latin1");
      }
      out += text.slice(at, match.index) + MASK;
      at = match.index + match[0].length;
    }
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
