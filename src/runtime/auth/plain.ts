import type { PlainAuth, SignedAuth } from "../../signing/schemes.ts";
import type { Clock } from "../time/clock.ts";
import { credentials, type Issued, type Issuer, SecretNotSet, secretNames } from "./auth.ts";
import type { SecretCache } from "./secrets.ts";

/** Milliseconds for which a refused value is not offered again while there is another. */
const REFUSAL_HOLDS = 10_000;

/** One value for every secret of an `auth`. */
type Values = ReadonlyMap<string, string>;

/**
 * Hands out secrets as they are, or what signs with them. After a 401 they are read afresh; where a rotation is in its grace and two values live,
 * the one that was not refused is next.
 */
export class PlainIssuer implements Issuer {
  readonly #auth: PlainAuth | SignedAuth;
  readonly #names: readonly string[];
  readonly #secrets: SecretCache;
  readonly #clock: Clock;
  readonly #refused = new Map<string, number>();
  #generation = 0;
  #issued: Issued | undefined;
  #values: Values = new Map();
  #renewal: Promise<boolean> | undefined;
  #loading: Promise<Issued> | undefined;

  constructor(auth: PlainAuth | SignedAuth, secrets: SecretCache, clock: Clock) {
    this.#auth = auth;
    this.#names = secretNames(auth);
    this.#secrets = secrets;
    this.#clock = clock;
    if (this.#names.length === 0) this.#take(new Map());
  }

  issue(): Issued | Promise<Issued> {
    if (this.#issued) return this.#issued;
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async renew(refused: Issued): Promise<boolean> {
    if (this.#names.length === 0) return false;
    if (this.#issued && this.#issued.generation !== refused.generation) return true;
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #load(): Promise<Issued> {
    const [first] = await this.#choices(false);
    return this.#take(first ?? new Map());
  }

  async #renew(): Promise<boolean> {
    const now = this.#clock.now();
    for (const [key, at] of this.#refused) if (now - at > REFUSAL_HOLDS) this.#refused.delete(key);
    this.#refused.set(keyOf(this.#values), now);
    const next = (await this.#choices(true)).find((values) => !this.#refused.has(keyOf(values)));
    if (next === undefined) return false;
    this.#take(next);
    return true;
  }

  /** What could be sent: the preferred value of every secret, then the one before it. */
  async #choices(fresh: boolean): Promise<Values[]> {
    const lists = new Map<string, readonly string[]>();
    for (const name of this.#names) {
      const values = await this.#secrets.get(name, { fresh });
      if (values.length === 0) throw new SecretNotSet(this.#secrets.variableOf(name));
      lists.set(name, values);
    }
    const most = Math.max(...[...lists.values()].map(({ length }) => length));
    return Array.from({ length: most }, (_, index) => {
      const chosen = new Map<string, string>();
      for (const [name, values] of lists) chosen.set(name, values[index] ?? values[0] ?? "");
      return chosen;
    });
  }

  #take(values: Values): Issued {
    this.#values = values;
    this.#generation++;
    const made = credentials(this.#auth, (name) => values.get(name) ?? "");
    // User name and password travel as one, in Base64.
    if (this.#auth.scheme === "basic")
      this.#secrets.hide(made.headers.authorization?.slice("Basic ".length) ?? "");
    this.#issued = { ...made, generation: this.#generation };
    return this.#issued;
  }
}

const keyOf = (values: Values): string => JSON.stringify([...values]);
