import { isObject } from "../json.ts";
import { endOfString, keyAt, QUOTE, skipSpace } from "./json-bytes.ts";

const COLON = 58;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** How many members all objects of a valid JSON text have, repeated keys included: a colon follows their names. */
function countMembers(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(QUOTE); at >= 0; at = bytes.indexOf(QUOTE, at)) {
    at = skipSpace(bytes, endOfString(bytes, at));
    if (bytes[at] === COLON) count++;
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
  /** Of its second appearance, in bytes. */
  offset: number;
}

/** Keys that one object has twice: parsing keeps the last one without a word. Costs one fast pass where there are none. */
export function repeatedKeys(bytes: Buffer, parsed: unknown): RepeatedKey[] {
  return countMembers(bytes) === countKeys(parsed) ? [] : findRepeated(bytes);
}

const MAX_REPEATED = 100;

function findRepeated(bytes: Buffer): RepeatedKey[] {
  const found: RepeatedKey[] = [];
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < bytes.length && found.length < MAX_REPEATED; at++) {
    const code = bytes[at];
    if (code === OPEN_OBJECT) open.push(new Set());
    else if (code === OPEN_LIST) open.push(undefined);
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) open.pop();
    else if (code === QUOTE) {
      const end = endOfString(bytes, at);
      const keys = open.at(-1);
      if (keys && bytes[skipSpace(bytes, end)] === COLON) {
        const key = keyAt(bytes, at, end);
        if (keys.has(key)) found.push({ key, offset: at });
        keys.add(key);
      }
      at = end - 1;
    }
  }
  return found;
}
