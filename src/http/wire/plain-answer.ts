/** What is known of one answer. */
export interface Seen {
  /** 0 until its head has come. */
  status: number;
  /** Of the body, as it comes over the wire. */
  bytes: number;
  /** Start and end, within the head, of each header's name and value in turn. */
  parts: number[];
  /** How many of them belong to this answer. */
  count: number;
}

/** Not the head of a plain answer. */
export const NOT_PLAIN = -1;

const CR = 13;
const LF = 10;
const SPACE = 32;
const COLON = 58;

/** Characters of a header's name in lower case (RFC 9110 §5.6.2); 0: not one of them. */
const NAME = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz") {
  NAME[char.charCodeAt(0)] = char.charCodeAt(0);
  NAME[char.toUpperCase().charCodeAt(0)] = char.charCodeAt(0);
}

const codes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const VERSION = codes("HTTP/1.1 ");
const LENGTH = codes("content-length");
const CONNECTION = codes("connection");
const KEEP_ALIVE = codes("keep-alive");
/** These say more of the framing than is looked at here. */
const ENCODING = codes("transfer-encoding");
const PROXY = codes("proxy-connection");

function isThere(bytes: Uint8Array, at: number, end: number, word: Uint8Array): boolean {
  if (end - at !== word.length) return false;
  for (let index = 0; index < word.length; index++) {
    if (NAME[bytes[at + index] ?? 0] !== word[index]) return false;
  }
  return true;
}

/** A number of so many digits at most; -1 where there is none. */
function numberAt(bytes: Uint8Array, at: number, end: number, most: number): number {
  if (end <= at || end - at > most) return -1;
  let value = 0;
  for (let index = at; index < end; index++) {
    const digit = (bytes[index] ?? 0) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Where a line of printable characters ends; -1 where it does not, or holds others. */
function lineEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const code = bytes[at] ?? 0;
    if (code === CR) return bytes[at + 1] === LF ? at : -1;
    if (code < SPACE || code > 126) return -1;
  }
  return -1;
}

function statusOf(bytes: Uint8Array): number {
  for (let at = 0; at < VERSION.length; at++) if (bytes[at] !== VERSION[at]) return -1;
  const status = numberAt(bytes, 9, 12, 3);
  return bytes[12] === SPACE && status >= 200 && status !== 204 && status !== 304 ? status : -1;
}

/**
 * Recognises the commonest answer of all: HTTP/1.1 whose head comes in one piece and of plain characters only, with one
 * Content-Length, nothing else that says where it ends, and no more after it than that length. Everything else is for the
 * parser, which then has not been asked yet.
 * @param seen takes what it says, where it is one; of the body nothing is counted yet
 * @returns the bytes of the head, `NOT_PLAIN` where it is another
 */
export function readPlainHead(bytes: Uint8Array, seen: Seen & { length: number }): number {
  const { parts } = seen;
  const status = statusOf(bytes);
  let at = status < 0 ? -1 : lineEnd(bytes, 13);
  let length = -1;
  let count = 0;
  while (at >= 0 && bytes[at + 2] !== CR) {
    const start = at + 2;
    let end = start;
    while (NAME[bytes[end] ?? 0] !== 0) end++;
    if (end === start || bytes[end] !== COLON) return NOT_PLAIN;
    let value = end + 1;
    while (bytes[value] === SPACE) value++;
    at = lineEnd(bytes, value);
    if (isThere(bytes, start, end, LENGTH)) {
      if (length >= 0) return NOT_PLAIN;
      length = numberAt(bytes, value, at, 9);
      if (length < 0) return NOT_PLAIN;
    } else if (isThere(bytes, start, end, CONNECTION)) {
      if (!isThere(bytes, value, at, KEEP_ALIVE)) return NOT_PLAIN;
    } else if (isThere(bytes, start, end, ENCODING) || isThere(bytes, start, end, PROXY)) return NOT_PLAIN;
    parts[count++] = start;
    parts[count++] = end;
    parts[count++] = value;
    parts[count++] = at;
  }
  if (at < 0 || bytes[at + 3] !== LF || length < 0 || at + 4 + length < bytes.length) return NOT_PLAIN;
  seen.status = status;
  seen.length = length;
  seen.count = count;
  return at + 4;
}
