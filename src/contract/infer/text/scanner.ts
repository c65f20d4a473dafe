import { createLayout, guessNext, type Layout, namesOf, withName } from "./layout.ts";
import { ESCAPED, FALSE, moved, NULL, STRING, Tape, TRUE } from "./tape.ts";

const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const WHITE: ReadonlySet<number> = new Set([SPACE, 0x0a, 0x0d, 0x09]);

/** No place: the text is no JSON. */
const FAILED = -1;
/** Least room for a text, and the most that is kept when a shorter one comes, in UTF-16 units. */
const LEAST = 1 << 14;
const KEPT = 1 << 20;
/** Roots that are remembered from text to text: there are more where data nests without end. */
const MAX_ROOTS = 5000;
/** Integers of so many digits are held exactly, and so are the powers of ten that they are divided by. */
const EXACT_DIGITS = 15;
const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power);

/** An object or a list whose end has not come yet. */
interface Open {
  /** The root of an object's layouts; in a list, of the objects among its items. */
  root: Layout;
  /** An object's names so far; undefined in a list. */
  layout: Layout | undefined;
  /** Names without a layout, and the position of their values behind `base`. */
  wide: Map<string, number> | undefined;
  /** Where its values begin among those that wait for their end. */
  base: number;
}

/**
 * Reads a JSON text (RFC 8259) into a tape, without making its values. Accepts what `JSON.parse` accepts, and nothing else; of
 * equal names the last one counts. Reads text after text, and remembers how their objects were laid out.
 */
export class Scanner {
  readonly tape = new Tape();
  text = "";
  /** The text's UTF-16 units, and behind them a zero, which nothing in JSON goes on with. */
  units = new Uint16Array(LEAST);
  #at = 0;
  #root = createLayout();
  #roots = 0;
  /** Places of values whose object or list is still open, one behind the other. */
  #waiting = new Int32Array(1 << 10);
  #top = 0;

  /**
   * @returns the place of the text's value
   * @throws SyntaxError as `JSON.parse` does
   */
  scan(text: string): number {
    this.#load(text);
    const place = this.#document();
    if (place !== FAILED) return place;
    JSON.parse(text);
    throw new SyntaxError("the text is no JSON");
  }

  /** Where a text stops being JSON; undefined where it does not. */
  failureIn(text: string): number | undefined {
    this.#load(text);
    return this.#document() === FAILED ? this.#at : undefined;
  }

  #load(text: string): void {
    this.text = text;
    this.tape.clear();
    if (this.units.length <= text.length || this.units.length > Math.max(KEPT, 4 * text.length)) {
      this.units = new Uint16Array(Math.max(LEAST, Math.ceil(1.25 * text.length) + 1));
    }
    Buffer.from(this.units.buffer).write(text, "utf16le");
    this.units[text.length] = 0;
    this.#at = 0;
    this.#top = 0;
    if (this.#roots > MAX_ROOTS) {
      this.#root = createLayout();
      this.#roots = 0;
    }
  }

  /** With a stack of its own: texts can be nested deeper than the stack. */
  #document(): number {
    const stack: Open[] = [];
    let open: Open | undefined;
    for (;;) {
      this.#space();
      const code = this.units[this.#at] ?? 0;
      let value: number;
      if (code === OPEN_OBJECT || code === OPEN_LIST) {
        open = this.#open(open, code);
        stack.push(open);
        if (!this.#isClosed(code)) {
          if (code === OPEN_OBJECT && !this.#name(open)) return FAILED;
          continue;
        }
        value = this.#close(open);
        stack.pop();
        open = stack[stack.length - 1];
      } else value = this.#scalar(code);
      for (;;) {
        if (value === FAILED) return FAILED;
        this.#space();
        if (open === undefined) return this.#at === this.text.length ? value : FAILED;
        this.#wait(value);
        const next = this.units[this.#at];
        if (next === COMMA) {
          this.#at++;
          if (open.layout !== undefined && !this.#name(open)) return FAILED;
          break;
        }
        if (next !== (open.layout === undefined ? CLOSE_LIST : CLOSE_OBJECT)) return FAILED;
        this.#at++;
        value = this.#close(open);
        stack.pop();
        open = stack[stack.length - 1];
      }
    }
  }

  #space(): void {
    const { units } = this;
    let at = this.#at;
    while ((units[at] ?? 0) <= SPACE && WHITE.has(units[at] ?? 0)) at++;
    this.#at = at;
  }

  #open(holder: Open | undefined, code: number): Open {
    this.#at++;
    const root = this.#rootIn(holder);
    return { root, layout: code === OPEN_OBJECT ? root : undefined, wide: undefined, base: this.#top };
  }

  /** Where an object that comes now begins. */
  #rootIn(open: Open | undefined): Layout {
    if (open === undefined) return this.#root;
    const { root, layout, wide } = open;
    if (layout === undefined) return root;
    const holder = wide === undefined ? layout : root;
    if (holder.inner === undefined) {
      this.#roots++;
      holder.inner = createLayout();
    }
    return holder.inner;
  }

  /** Whether an object or a list ends where it begins. */
  #isClosed(code: number): boolean {
    this.#space();
    if (this.units[this.#at] !== (code === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_LIST)) return false;
    this.#at++;
    return true;
  }

  #close({ layout, wide, base }: Open): number {
    const top = this.#top;
    this.#top = base;
    if (layout === undefined) return this.tape.list(this.#waiting, base, top);
    if (wide === undefined) return this.tape.object(layout, this.#waiting, base, top);
    const places = new Int32Array(wide.size);
    let at = 0;
    for (const position of wide.values()) places[at++] = this.#waiting[base + position] ?? NULL;
    return this.tape.wide([...wide.keys()], places);
  }

  #wait(place: number): void {
    if (this.#top === this.#waiting.length) {
      this.#waiting = moved(this.#waiting, new Int32Array(2 * this.#top));
    }
    this.#waiting[this.#top++] = place;
  }

  /** Goes behind a name and its colon. */
  #name(open: Open): boolean {
    this.#space();
    const { units } = this;
    const start = this.#at;
    if (units[start] !== QUOTE) return false;
    const guess = open.wide === undefined ? open.layout?.guess : undefined;
    if (guess?.units !== undefined && isNameAt(units, start + 1, guess.units)) {
      open.layout = guess;
      this.#at = start + guess.units.length + 2;
    } else {
      const kind = this.#string();
      if (kind === undefined) return false;
      this.#enter(open, textOf(this.text, start + 1, this.#at - 1, kind), kind);
    }
    this.#space();
    if (units[this.#at] !== COLON) return false;
    this.#at++;
    return true;
  }

  #enter(open: Open, name: string, kind: StringKind): void {
    const { layout } = open;
    if (layout === undefined) return;
    if (open.wide === undefined) {
      const next = withName(layout, name);
      if (next !== undefined) {
        if (kind === STRING) guessNext(layout, next);
        open.layout = next;
        return;
      }
      open.wide = new Map(namesOf(layout).map((one, position) => [one, position]));
    }
    open.wide.set(name, this.#top - open.base);
  }

  #scalar(code: number): number {
    if (code === QUOTE) {
      const start = this.#at + 1;
      const kind = this.#string();
      return kind === undefined ? FAILED : this.tape.string(kind, start, this.#at - 1);
    }
    if (code === MINUS || isDigit(code)) return this.#number();
    if (code === 0x74) return this.#word("true", TRUE);
    if (code === 0x66) return this.#word("false", FALSE);
    return code === 0x6e ? this.#word("null", NULL) : FAILED;
  }

  #word(word: string, place: number): number {
    if (!this.text.startsWith(word, this.#at)) return FAILED;
    this.#at += word.length;
    return place;
  }

  /** Goes behind a string; undefined where it is none. */
  #string(): StringKind | undefined {
    const { units } = this;
    let kind: StringKind = STRING;
    let at = this.#at + 1;
    for (let code = units[at] ?? 0; code !== QUOTE; code = units[++at] ?? 0) {
      if (code < SPACE) return undefined;
      if (code !== BACKSLASH) continue;
      const length = escapeLength(units, at + 1);
      if (length === 0) return undefined;
      at += length;
      kind = ESCAPED;
    }
    this.#at = at + 1;
    return kind;
  }

  #number(): number {
    const { text } = this;
    const start = this.#at;
    const negative = text.charCodeAt(start) === MINUS;
    const whole = this.#digits(negative ? start + 1 : start, 0);
    const digits = this.#at - start - (negative ? 1 : 0);
    if (digits === 0 || (digits > 1 && text.charCodeAt(this.#at - digits) === ZERO)) return FAILED;
    let value = whole;
    let fraction = 0;
    if (this.units[this.#at] === DOT) {
      const behind = this.#at + 1;
      value = this.#digits(behind, whole);
      fraction = this.#at - behind;
      if (fraction === 0) return FAILED;
    }
    const power = this.#power();
    if (power === undefined) return FAILED;
    // A quotient of two that are held exactly is the number nearest to the text.
    if (power || digits + fraction > EXACT_DIGITS)
      return this.tape.number(Number(text.slice(start, this.#at)));
    const magnitude = value / (POWERS[fraction] ?? 1);
    return this.tape.number(negative ? -magnitude : magnitude);
  }

  /** Goes behind digits. @returns the number that they continue */
  #digits(start: number, head: number): number {
    const { units } = this;
    let value = head;
    let at = start;
    for (let code = units[at] ?? 0; isDigit(code); code = units[++at] ?? 0) value = value * 10 + code - ZERO;
    this.#at = at;
    return value;
  }

  /** Goes behind a power of ten. @returns whether there is one; undefined where it is broken */
  #power(): boolean | undefined {
    const code = this.units[this.#at];
    if (code !== 0x65 && code !== 0x45) return false;
    const sign = this.units[this.#at + 1];
    const start = this.#at + (sign === PLUS || sign === MINUS ? 2 : 1);
    this.#digits(start, 0);
    return this.#at === start ? undefined : true;
  }
}

type StringKind = typeof STRING | typeof ESCAPED;

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function isNameAt(units: Uint16Array, start: number, name: Uint16Array): boolean {
  for (let at = 0; at < name.length; at++) if (units[start + at] !== name[at]) return false;
  return units[start + name.length] === QUOTE;
}

const ESCAPES: ReadonlySet<number> = new Set(Array.from('"\\/bfnrt', (one) => one.charCodeAt(0)));

/** Characters of an escape behind its backslash; 0 where it is none. */
function escapeLength(units: Uint16Array, at: number): number {
  const code = units[at] ?? 0;
  if (code !== 0x75) return ESCAPES.has(code) ? 1 : 0;
  for (let digit = at + 1; digit <= at + 4; digit++) if (!isHex(units[digit] ?? 0)) return 0;
  return 5;
}

function isHex(code: number): boolean {
  return isDigit(code) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

/** The string between two quotes of a valid text. */
export function textOf(text: string, start: number, end: number, kind: StringKind): string {
  return kind === ESCAPED ? String(JSON.parse(text.slice(start - 1, end + 1))) : text.slice(start, end);
}
