/** The least length of a token: no provider's key is shorter, and few words are as long. */
export const LEAST_TOKEN = 20;
/** Longer runs are encoded data, not keys. */
export const LONGEST_TOKEN = 400;

const LETTER = 1;
const JOINER = 2;

/** Letters, digits, `-` and `_` make a token; a dot joins two, as in `SG.….…` or a JWT. */
const CLASS = new Uint8Array(256);
for (let code = 0; code < 128; code++) {
  if (/[A-Za-z0-9_-]/.test(String.fromCharCode(code))) CLASS[code] = LETTER;
}
CLASS[".".charCodeAt(0)] = JOINER;

/**
 * Calls `visit` for every run of at least `LEAST_TOKEN` token characters, dots within it included. Looks at every
 * twentieth byte only, until one could be part of such a run: most bytes of a text are never read.
 */
export function eachToken(bytes: Uint8Array, visit: (start: number, end: number) => void): void {
  const { length } = bytes;
  let at = 0;
  while (at + LEAST_TOKEN <= length) {
    const probe = at + LEAST_TOKEN - 1;
    if (CLASS[bytes[probe] ?? 0] === 0) {
      at = probe + 1;
      continue;
    }
    let start = probe;
    while (start > at && CLASS[bytes[start - 1] ?? 0] !== 0) start--;
    let end = probe + 1;
    while (end < length && CLASS[bytes[end] ?? 0] !== 0) end++;
    at = end + 1;
    while (start < end && CLASS[bytes[start] ?? 0] !== LETTER) start++;
    let stop = end;
    while (stop > start && CLASS[bytes[stop - 1] ?? 0] !== LETTER) stop--;
    if (stop - start >= LEAST_TOKEN && stop - start <= LONGEST_TOKEN) visit(start, stop);
  }
}
