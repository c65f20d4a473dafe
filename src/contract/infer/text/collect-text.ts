import { collectNumber, collectString, groupFor, propertyAt } from "../collect.ts";
import { hasIdPrefixAt } from "../formats.ts";
import { noteKinds } from "../kinds.ts";
import { groupOf, groupOfTags, tagPlaces, type ValuesAt } from "../tags.ts";
import { createStringTally, createTally, MAX_DEPTH, type StringTally, type Tally } from "../tally.ts";
import { type Layout, namesOf } from "./layout.ts";
import { Scanner, textOf } from "./scanner.ts";
import { ESCAPED, FALSE, LIST, MADE, NULL, NUMBER, STRING, TRUE, WIDE } from "./tape.ts";
import { WordMemory } from "./words.ts";

/**
 * Counts JSON texts into a tally, as `collect` counts parsed values, but without making the values: most strings are only looked
 * at where they stand.
 */
export class TextCollector {
  readonly #scanner = new Scanner();
  readonly #tape = this.#scanner.tape;
  readonly #words = new WordMemory();

  /**
   * @param sample number of the response; equal numbers must come one after the other
   * @throws SyntaxError as `JSON.parse` does; nothing was counted then
   */
  add(tally: Tally, text: string, sample: number): void {
    this.#collect(tally, this.#scanner.scan(text), sample, 0);
  }

  #collect(tally: Tally, place: number, sample: number, depth: number): void {
    tally.count++;
    if (tally.sample !== sample) {
      tally.sample = sample;
      tally.responses++;
    }
    if (place === NULL) tally.nulls++;
    else if (place === TRUE) tally.trues++;
    else if (place === FALSE) tally.falses++;
    else this.#collectAt(tally, place, sample, depth);
  }

  #collectAt(tally: Tally, place: number, sample: number, depth: number): void {
    switch (this.#tape.at[place]) {
      case STRING:
      case ESCAPED:
      case MADE:
        tally.strings ??= createStringTally();
        this.#collectString(tally.strings, place);
        return;
      case NUMBER:
        collectNumber(tally, this.#tape.numbers[this.#operand(place)] ?? 0);
        return;
      case LIST:
        tally.arrays++;
        if (depth >= MAX_DEPTH) tally.deep = true;
        else this.#collectItems(tally, place, sample, depth);
        return;
      default:
        tally.objects++;
        if (depth >= MAX_DEPTH) tally.deep = true;
        else this.#collectProperties(tally, place, sample, depth);
    }
  }

  /** What follows the kind of a value. */
  #operand(place: number): number {
    return this.#tape.at[place + 1] ?? 0;
  }

  #collectItems(tally: Tally, list: number, sample: number, depth: number): void {
    const count = this.#operand(list);
    if (count === 0) {
      tally.emptyArrays++;
      return;
    }
    tally.items ??= createTally();
    const { at } = this.#tape;
    for (let index = list + 2; index < list + 2 + count; index++) {
      this.#collect(tally.items, at[index] ?? NULL, sample, depth + 1);
    }
  }

  #collectProperties(tally: Tally, object: number, sample: number, depth: number): void {
    const { at, layouts, names } = this.#tape;
    const layout = at[object] === WIDE ? undefined : layouts[this.#operand(object)];
    const keys = layout === undefined ? (names[this.#operand(object)] ?? []) : namesOf(layout);
    const group = tally.ungrouped ? "" : this.#group(object, layout, keys);
    const target = groupFor(tally, group);
    target.count++;
    if (!tally.kindless) this.#noteKinds(tally, object, keys);
    for (let index = 0; index < keys.length; index++) {
      const value = at[object + 3 + index] ?? NULL;
      this.#collect(propertyAt(target, keys[index] ?? "", index), value, sample, depth + 1);
    }
  }

  #group(object: number, layout: Layout | undefined, keys: readonly string[]): string {
    if (layout === undefined) return groupOf(keys, this.#wordsOf(object));
    layout.tags ??= tagPlaces(keys);
    const { first, second } = layout.tags;
    if (first < 0) return "";
    const one = this.#wordOf(object, first);
    const two = second < 0 ? undefined : this.#wordOf(object, second);
    if (layout.group === undefined || layout.group.one !== one || layout.group.two !== two) {
      layout.group = { one, two, name: groupOfTags(keys, layout.tags, this.#wordsOf(object)) };
    }
    return layout.group.name;
  }

  #noteKinds(tally: Tally, object: number, keys: readonly string[]): void {
    const isFirst = tally.kinds === undefined && tally.single === undefined;
    // The first object is kept until a second one comes, and the tape is not.
    const words = isFirst ? keys.map((_, index) => this.#wordOf(object, index)) : this.#wordsOf(object);
    noteKinds(tally, keys, words);
  }

  #wordsOf(object: number): ValuesAt {
    return { at: (index) => this.#wordOf(object, index) };
  }

  #wordOf(object: number, index: number): string | undefined {
    return this.#stringAt(this.#tape.at[object + 3 + index] ?? NULL);
  }

  /** The string at a place; undefined where another value stands. */
  #stringAt(place: number): string | undefined {
    if (place <= FALSE) return undefined;
    const { at, made } = this.#tape;
    const kind = at[place];
    if (kind === MADE) return made[this.#operand(place)];
    if (kind !== STRING && kind !== ESCAPED) return undefined;
    const { text, units } = this.#scanner;
    const start = this.#operand(place);
    const end = at[place + 2] ?? 0;
    const one = kind === STRING ? this.#words.word(units, text, start, end) : textOf(text, start, end, kind);
    // A tag is asked for several times.
    at[place] = MADE;
    at[place + 1] = made.push(one) - 1;
    return one;
  }

  #collectString(tally: StringTally, place: number): void {
    const { at } = this.#tape;
    if (tally.values !== undefined || at[place] !== STRING) {
      collectString(tally, this.#stringAt(place) ?? "");
      return;
    }
    const { text, units } = this.#scanner;
    const start = this.#operand(place);
    const end = at[place + 2] ?? 0;
    const { prefix } = tally;
    // Of most texts and ids nothing is open any more but the prefix: they need not be made.
    if (tally.formats === 0 && prefix !== null && tally.least !== tally.greatest) {
      tally.count++;
      if (prefix !== undefined && !hasIdPrefixAt(units, start, end, prefix)) tally.prefix = undefined;
    } else collectString(tally, text.slice(start, end));
  }
}
