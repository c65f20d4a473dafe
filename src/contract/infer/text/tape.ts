import type { Layout } from "./layout.ts";

/** What stands at a value's place. The first three are places themselves, the same for all values of their kind. */
export const NULL = 0;
export const TRUE = 1;
export const FALSE = 2;
/** Followed by its index among the numbers. */
export const NUMBER = 3;
/** Followed by where its characters begin and end, without the quotes. */
export const STRING = 4;
/** The same, for one with escapes. */
export const ESCAPED = 5;
/** A string that was made; followed by its index among them. */
export const MADE = 6;
/** Followed by how many items it has, and their places. */
export const LIST = 7;
/** Followed by the index of its layout, how many values it has, and their places. */
export const OBJECT = 8;
/** The same, with the index of its names: they have no layout. */
export const WIDE = 9;

const FIRST_FREE = 3;

/** The values of one JSON text as kinds and places; its room serves text after text. */
export class Tape {
  at = new Int32Array(1 << 12);
  numbers = new Float64Array(1 << 10);
  layouts: Layout[] = [];
  /** Names of the objects without a layout. */
  names: (readonly string[])[] = [];
  made: string[] = [];
  #end = FIRST_FREE;
  #count = 0;

  clear(): void {
    this.layouts.length = 0;
    this.names.length = 0;
    this.made.length = 0;
    this.#end = FIRST_FREE;
    this.#count = 0;
  }

  number(value: number): number {
    if (this.#count === this.numbers.length)
      this.numbers = moved(this.numbers, new Float64Array(2 * this.#count));
    this.numbers[this.#count] = value;
    const place = this.#claim(2);
    this.at[place] = NUMBER;
    this.at[place + 1] = this.#count++;
    return place;
  }

  string(kind: typeof STRING | typeof ESCAPED, start: number, end: number): number {
    const place = this.#claim(3);
    this.at[place] = kind;
    this.at[place + 1] = start;
    this.at[place + 2] = end;
    return place;
  }

  /** @param waiting places of the items, from `base` to `top` */
  list(waiting: Int32Array, base: number, top: number): number {
    const place = this.#claim(2 + top - base);
    this.at[place] = LIST;
    this.#values(place + 1, waiting, base, top);
    return place;
  }

  /** @param waiting places of the values in the order of the names, from `base` to `top` */
  object(layout: Layout, waiting: Int32Array, base: number, top: number): number {
    const place = this.#claim(3 + top - base);
    this.at[place] = OBJECT;
    this.at[place + 1] = this.layouts.push(layout) - 1;
    this.#values(place + 2, waiting, base, top);
    return place;
  }

  /** @param places places of the values, in the order of the names */
  wide(names: readonly string[], places: Int32Array): number {
    const place = this.#claim(3 + places.length);
    this.at[place] = WIDE;
    this.at[place + 1] = this.names.push(names) - 1;
    this.#values(place + 2, places, 0, places.length);
    return place;
  }

  #values(place: number, values: Int32Array, base: number, top: number): void {
    this.at[place] = top - base;
    for (let index = base, to = place + 1; index < top; index++, to++) this.at[to] = values[index] ?? NULL;
  }

  #claim(length: number): number {
    const place = this.#end;
    this.#end += length;
    if (this.#end > this.at.length) this.at = moved(this.at, new Int32Array(2 * this.#end));
    return place;
  }
}

/** What is in a room, in a larger one. */
export function moved<Room extends Int32Array | Float64Array>(from: Room, to: Room): Room {
  to.set(from);
  return to;
}
