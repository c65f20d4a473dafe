/** Numbers that look random and are the same in every run: what a failure showed once, it shows again. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 0x9e3779b1) >>> 0;
  }

  /** From 0 up to, not including, 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(from: readonly [T, ...T[]] | readonly T[]): T {
    const found = from[this.int(0, from.length - 1)];
    if (found === undefined) throw new Error("nothing to pick from");
    return found;
  }

  /** One of several, the first ones far more often: how values of a vocabulary come. */
  skewed<T>(from: readonly T[]): T {
    for (const one of from) if (this.chance(0.55)) return one;
    return this.pick(from);
  }

  list<T>(low: number, high: number, make: () => T): T[] {
    return Array.from({ length: this.int(low, high) }, make);
  }

  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, at: this.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  }

  text(length: number, alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"): string {
    return Array.from({ length }, () => alphabet[this.int(0, alphabet.length - 1)]).join("");
  }

  hex(length: number): string {
    return this.text(length, "0123456789abcdef");
  }

  uuid(): string {
    return [8, 4, 4, 4, 12].map((length) => this.hex(length)).join("-");
  }

  /** Seconds since 1970, within three years. */
  epoch(): number {
    return this.int(1_640_000_000, 1_735_000_000);
  }

  dateTime(): string {
    return new Date(this.epoch() * 1000).toISOString().replace(".000", "");
  }

  words(low: number, high: number): string {
    return this.list(low, high, () => this.pick(WORDS)).join(" ");
  }

  person(): string {
    return `${this.pick(FIRST)} ${this.pick(LAST)}`;
  }

  email(): string {
    return `${this.text(6, "abcdefghijklmnopqrstuvwxyz")}@example.com`;
  }
}

const WORDS =
  "fix the login page when empty add support for windows rename old module speed up first render upgrade docs typo in guide broken link crash on start".split(
    " ",
  );
const FIRST = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Radia", "Linus", "Margaret", "Ken"];
const LAST = [
  "Lovelace",
  "Hopper",
  "Turing",
  "Dijkstra",
  "Liskov",
  "Knuth",
  "Perlman",
  "Hamilton",
  "Thompson",
];
