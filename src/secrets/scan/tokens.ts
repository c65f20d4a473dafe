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
 * Calls `visit` for every run of at least `LEAST_TOKEN` token characters, dots within it included. From where a run could
 * begin it looks at the byte that such a run must reach and goes back from there: what stands before the last other
 * character is never read.
 */
export function eachToken(bytes: Uint8Array, visit: (start: number, end: number) => void): void {
  const { length } = bytes;
  // Every byte from `from` up to `seen` is known to be a token's.
  let from = 0;
  let seen = 0;
  for (let probe = LEAST_TOKEN - 1; probe < length; probe = from + LEAST_TOKEN - 1) {
    let back = probe;
    while (back >= seen && CLASS[bytes[back] ?? 0] !== 0) back--;
    if (back >= seen) {
      from = back + 1;
      seen = probe + 1;
      continue;
    }
    let end = probe + 1;
    while (end < length && CLASS[bytes[end] ?? 0] !== 0) end++;
    let start = from;
    while (start < end && CLASS[bytes[start] ?? 0] !== LETTER) start++;
    let stop = end;
    while (stop > start && CLASS[bytes[stop - 1] ?? 0] !== LETTER) stop--;
    if (stop - start >= LEAST_TOKEN && stop - start <= LONGEST_TOKEN) visit(start, stop);
    from = end + 1;
    seen = from;
  }
}
