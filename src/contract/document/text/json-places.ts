import { endOfString, keyAt, QUOTE, skipSpace } from "./json-bytes.ts";
import { type Places, positionsAt } from "./text.ts";

const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Something of a JSON text that is wanted: by its key below its parent, and what is wanted below it. */
interface Wanted {
  children: Map<string, Wanted>;
  /** Where it was found: its key, or the value itself in a list. In bytes. */
  offset: number | undefined;
}

const wanted = (): Wanted => ({ children: new Map(), offset: undefined });

/**
 * Finds values of a valid JSON text in one pass that skips what is not asked for. Nothing of it costs anything until somebody
 * asks.
 */
export const placesInJson =
  (bytes: Buffer): Places =>
  (paths) =>
    positionsAt(bytes, offsetsIn(bytes, paths));

/** Keys from the root, list indices as decimal numbers, to offsets. */
function offsetsIn(bytes: Buffer, paths: readonly (readonly string[])[]): number[] {
  const root = wanted();
  for (const path of paths) {
    let node = root;
    for (const key of path) {
      const next = node.children.get(key) ?? wanted();
      node.children.set(key, next);
      node = next;
    }
  }
  visit(bytes, root);
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
function visit(bytes: Buffer, root: Wanted): void {
  const open: Open[] = [];
  let at = enter(bytes, skipSpace(bytes, 0), root, open);
  for (let top = open.at(-1); top; top = open.at(-1)) {
    at = skipSpace(bytes, at);
    const code = bytes[at];
    if (code === undefined) return;
    if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      open.pop();
      at++;
    } else if (code === COMMA) at++;
    else if (top.list) at = enterChild(bytes, at, at, { open, parent: top.node, key: String(top.index++) });
    else {
      const end = endOfString(bytes, at);
      const value = skipSpace(bytes, skipSpace(bytes, end) + 1);
      at = enterChild(bytes, at, value, { open, parent: top.node, key: keyAt(bytes, at, end) });
    }
  }
}

function enterChild(
  bytes: Buffer,
  offset: number,
  value: number,
  { open, parent, key }: { open: Open[]; parent: Wanted; key: string },
): number {
  const node = parent.children.get(key);
  if (!node) return skipValue(bytes, value);
  node.offset = offset;
  return enter(bytes, value, node, open);
}

function enter(bytes: Buffer, at: number, node: Wanted, open: Open[]): number {
  const code = bytes[at];
  if (node.children.size === 0 || (code !== OPEN_LIST && code !== OPEN_OBJECT)) return skipValue(bytes, at);
  open.push({ node, list: code === OPEN_LIST, index: 0 });
  return at + 1;
}

/** The offset behind the value that begins here. The hot loop: most of a document is skipped. */
function skipValue(bytes: Buffer, start: number): number {
  const { length } = bytes;
  let depth = 0;
  let at = start;
  do {
    const code = bytes[at];
    if (code === QUOTE) at = endOfString(bytes, at);
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      depth++;
      at++;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      depth--;
      at++;
    } else at = depth > 0 ? at + 1 : endOfWord(bytes, at);
  } while (depth > 0 && at < length);
  return at;
}

/** Where a number, `true`, `false` or `null` ends. */
function endOfWord(bytes: Uint8Array, start: number): number {
  let at = start;
  for (; at < bytes.length; at++) {
    const code = bytes[at];
    if (code === COMMA || code === CLOSE_LIST || code === CLOSE_OBJECT) return at;
  }
  return at;
}
