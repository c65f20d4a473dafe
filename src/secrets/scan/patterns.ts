import { BEGUN_DIGITS, looksRandom } from "./randomness.ts";

/** What keys of one kind look like, as a provider's preset says it. */
export interface KeyPattern {
  provider: string;
  secret: string;
  /** `test`: such a key reaches no real data. */
  kind?: "test" | "live";
  /** Source of a regular expression that the key matches. */
  pattern: string;
  /** Variable that the key usually stands in. */
  variable: string;
}

interface Compiled extends KeyPattern {
  regex: RegExp;
  /** How every key begins, where that alone tells whose it is. */
  heads: readonly string[];
}

/** `^(sk|rk)_live_…` → `sk_live_`, `rk_live_`; only what is literal. */
function headsOf(pattern: string): string[] {
  const [, before = "", group, after = ""] =
    /^\^((?:[\w-]|\\\.)*)(?:\(([\w|-]+)\)((?:[\w-]|\\\.)*))?/.exec(pattern) ?? [];
  const middles = group === undefined ? [""] : group.split("|");
  // A quantifier behind a character makes it no longer literal.
  const whole = `^${before}${group === undefined ? "" : `(${group})`}${after}`;
  const quantified = /^[*+?{]/.test(pattern.slice(whole.length)) ? 1 : 0;
  return middles.map((middle) => {
    const text = `${before}${middle}${after}`.replaceAll("\\.", ".");
    return text.slice(0, text.length - quantified);
  });
}

/** Three characters and a separator: `sk-`, `SG.`, `ghp_`. Anything less begins ordinary words. */
const isTelling = (head: string) => (head.length >= 3 && /[-_.]/.test(head)) || head.length >= 6;

/** Recognises keys by how they begin, or by the variable that they are assigned to. */
export class KeyPatterns {
  readonly #byHead: readonly Compiled[];
  readonly #byVariable: ReadonlyMap<string, readonly Compiled[]>;
  /** Whether a key begins with two characters, by their codes. */
  readonly #begins = new Uint8Array(65_536);

  constructor(patterns: readonly KeyPattern[]) {
    const compiled = patterns.map((one): Compiled => {
      const heads = headsOf(one.pattern);
      return { ...one, regex: new RegExp(one.pattern), heads: heads.every(isTelling) ? heads : [] };
    });
    // The longest head first: `sk-ant-` is no key of whoever begins with `sk-`.
    this.#byHead = compiled
      .filter(({ heads }) => heads.length > 0)
      .sort((a, b) => headLength(b) - headLength(a));
    for (const { heads } of this.#byHead)
      for (const head of heads) this.#begins[head.charCodeAt(0) * 256 + head.charCodeAt(1)] = 1;
    this.#byVariable = grouped(compiled, ({ variable }) => variable);
  }

  /** How keys begin that are recognised by that. */
  get heads(): string[] {
    return this.#byHead.flatMap(({ heads }) => heads);
  }

  /** Variables by which keys are recognised. */
  get variables(): string[] {
    return [...this.#byVariable.keys()];
  }

  /** Whether any key is known to begin with these two characters. */
  mayBegin(first: number, second: number): boolean {
    return this.#begins[first * 256 + second] === 1;
  }

  /** Whose key a token is, by itself. */
  ofToken(token: string): KeyPattern | undefined {
    if (!this.mayBegin(token.charCodeAt(0), token.charCodeAt(1))) return undefined;
    return this.#byHead.find(({ regex, heads }) => {
      const head = heads.find((text) => token.startsWith(text));
      return head !== undefined && regex.test(token) && looksRandom(token.slice(head.length), BEGUN_DIGITS);
    });
  }

  /** Whose key a token is where it is assigned to a variable of this name. */
  ofAssignment(variable: string, token: string): KeyPattern | undefined {
    return this.#byVariable.get(variable)?.find(({ regex }) => regex.test(token) && looksRandom(token));
  }
}

const headLength = ({ heads }: Compiled) => Math.min(...heads.map(({ length }) => length));

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
