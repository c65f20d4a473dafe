import { isObject } from "./json.ts";

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Where the string that begins at a quote ends: the offset behind its closing quote. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end + 1;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function skipSpace(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return at;
}

/** The offset behind the value that begins here. The hot loop of finding lines: most of a document is skipped. */
function skipValue(text: string, start: number): number {
  const { length } = text;
  let depth = 0;
  let at = start;
  do {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      depth++;
      at++;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      depth--;
      at++;
    } else at = depth > 0 ? at + 1 : endOfWord(text, at);
  } while (depth > 0 && at < length);
  return at;
}

/** Where a number, `true`, `false` or `null` ends. */
function endOfWord(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === CLOSE_LIST || code === CLOSE_OBJECT) return at;
  }
  return at;
}

/** Something of a JSON text that is wanted: by its key below its parent, and what is wanted below it. */
interface Wanted {
  children: Map<string, Wanted>;
  /** Where it was found: its key, or the value itself in a list. */
  offset: number | undefined;
}

const wanted = (): Wanted => ({ children: new Map(), offset: undefined });

/**
 * Where the values of keys stand in a valid JSON text, in one pass that skips what is not asked for. A place that is not there
 * gets its nearest ancestor's.
 * @param paths keys from the root, list indices as decimal numbers
 */
export function locateInJson(text: string, paths: readonly (readonly string[])[]): number[] {
  const root = wanted();
  for (const path of paths) {
    let node = root;
    for (const key of path) {
      const next = node.children.get(key) ?? wanted();
      node.children.set(key, next);
      node = next;
    }
  }
  visit(text, skipSpace(text, 0), root);
  return paths.map((path) => offsetOf(root, path));
}

function offsetOf(root: Wanted, path: readonly string[]): number {
  let node: Wanted | undefined = root;
  let offset = 0;
  for (const key of path) {
    node = node?.children.get(key);
    offset = node?.offset ?? offset;
  }
  return offset;
}

interface Open {
  node: Wanted;
  list: boolean;
  index: number;
}

/** Walks into what is wanted, with a stack of its own: documents can be nested deeper than the stack. */
function visit(text: string, start: number, root: Wanted): void {
  const open: Open[] = [];
  let at = enter(text, start, root, open);
  for (let top = open.at(-1); top; top = open.at(-1)) {
    at = skipSpace(text, at);
    const code = text.charCodeAt(at);
    if (at >= text.length) return;
    if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      open.pop();
      at++;
    } else if (code === COMMA) at++;
    else if (top.list) at = enterChild(text, at, at, { open, parent: top.node, key: String(top.index++) });
    else {
      const end = endOfString(text, at);
      const value = skipSpace(text, skipSpace(text, end) + 1);
      at = enterChild(text, at, value, { open, parent: top.node, key: keyAt(text, at, end) });
    }
  }
}

function keyAt(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1);
  if (!raw.includes("\\")) return raw;
  const parsed: unknown = JSON.parse(text.slice(start, end));
  return String(parsed);
}

function enterChild(
  text: string,
  offset: number,
  value: number,
  { open, parent, key }: { open: Open[]; parent: Wanted; key: string },
): number {
  const node = parent.children.get(key);
  if (!node) return skipValue(text, value);
  node.offset = offset;
  return enter(text, value, node, open);
}

function enter(text: string, at: number, node: Wanted, open: Open[]): number {
  const code = text.charCodeAt(at);
  if (node.children.size === 0 || (code !== OPEN_LIST && code !== OPEN_OBJECT)) return skipValue(text, at);
  open.push({ node, list: code === OPEN_LIST, index: 0 });
  return at + 1;
}

/**
 * How many members all objects of a valid JSON text have, repeated keys included. The hot loop of reading a document: on bytes
 * it takes a fraction of what it takes on text, and no byte of a longer character looks like one of these.
 */
function countMembers(bytes: Uint8Array): number {
  const { length } = bytes;
  let count = 0;
  for (let at = 0; at < length; at++) {
    const code = bytes[at];
    if (code === COLON) count++;
    else if (code === QUOTE) {
      for (at++; at < length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
    }
  }
  return count;
}

function countKeys(root: unknown): number {
  let count = 0;
  const work: unknown[] = [root];
  while (work.length > 0) {
    const value = work.pop();
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === "object" && item !== null) work.push(item);
    } else if (isObject(value)) {
      // Without a list of the keys: there are hundreds of thousands of objects.
      for (const key in value) {
        count++;
        const item = value[key];
        if (typeof item === "object" && item !== null) work.push(item);
      }
    }
  }
  return count;
}

export interface RepeatedKey {
  key: string;
  /** Of its second appearance. */
  offset: number;
}

/** Keys that one object has twice: parsing keeps the last one without a word. Costs one fast pass where there are none. */
export function repeatedKeys(text: string, parsed: unknown, utf8: Uint8Array): RepeatedKey[] {
  return countMembers(utf8) === countKeys(parsed) ? [] : findRepeated(text);
}

const MAX_REPEATED = 100;

function findRepeated(text: string): RepeatedKey[] {
  const found: RepeatedKey[] = [];
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length && found.length < MAX_REPEATED; at++) {
    const code = text.charCodeAt(at);
    if (code === OPEN_OBJECT) open.push(new Set());
    else if (code === OPEN_LIST) open.push(undefined);
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) open.pop();
    else if (code === QUOTE) {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys && text.charCodeAt(skipSpace(text, end)) === COLON) {
        const key = keyAt(text, at, end);
        if (keys.has(key)) found.push({ key, offset: at });
        keys.add(key);
      }
      at = end - 1;
    }
  }
  return found;
}
