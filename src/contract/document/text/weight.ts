import { skipSpace } from "./json-bytes.ts";

const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const OPEN_OBJECT = 123;

/** What V8 takes for each of them at most, by measuring: a member with its name and place in a table, an item, an object or a list. */
const MEMBER = 60;
const ITEM = 24;
const CONTAINER = 40;

/** Each line of YAML is a member or an item; the text is held twice while it is read. */
const LINE = 160;
const NEW_LINE = 10;

/**
 * Bytes of memory that the values of a text take at most. V8 ends the process when there are too few, and can neither be asked
 * beforehand nor stopped.
 */
export function weightOf(bytes: Buffer): number {
  const first = bytes[skipSpace(bytes, 0)];
  const yaml = first !== OPEN_OBJECT && first !== OPEN_LIST;
  let members = 0;
  let items = 0;
  let containers = 0;
  let lines = 1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === COMMA) items++;
    else if (byte === COLON) members++;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) containers++;
    else if (byte === NEW_LINE) lines++;
  }
  const values = bytes.length + members * MEMBER + items * ITEM + containers * CONTAINER;
  return yaml ? values + 2 * bytes.length + lines * LINE : values;
}
