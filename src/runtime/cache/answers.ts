import type { Clock } from "../time/clock.ts";
import { orStop, type Scope } from "../time/scope.ts";
import { memoryCache } from "./memory.ts";
import type { CacheOptions, CacheStore, KeptAnswer } from "./options.ts";

/** One request under way, for all who ask the same at the same time. */
interface Flight<A> {
  /** Of the caller who began it. */
  scope: Scope;
  answer: Promise<A>;
}

/** Kept answers, and the requests under way that will be kept. */
export class AnswerCache {
  readonly #options: CacheOptions | undefined;
  readonly #clock: Clock;
  readonly #flights = new Map<string, Flight<unknown>>();
  #store: CacheStore | undefined;

  constructor(options: CacheOptions | undefined, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  get #kept(): CacheStore {
    this.#store ??= this.#options?.store ?? memoryCache();
    return this.#store;
  }

  /** The kept answer, if there is one that is not older than `maxAgeMs`. A store that fails has none. */
  async find(key: string, maxAgeMs: number): Promise<{ answer: KeptAnswer; ageMs: number } | undefined> {
    try {
      const answer = await this.#kept.get(key);
      if (answer === undefined) return undefined;
      if (answer.text !== "") JSON.parse(answer.text);
      const ageMs = Math.max(0, this.#clock.now() - answer.storedAt);
      return ageMs <= maxAgeMs ? { answer, ageMs } : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps an answer. Nobody waits for it: a slow store must not slow the call down. */
  keep(key: string, answer: Omit<KeptAnswer, "storedAt">, keepMs: number): void {
    const kept = { ...answer, storedAt: this.#clock.now() };
    try {
      Promise.resolve(this.#kept.set(key, kept, keepMs)).catch(() => {});
    } catch {
      // A store that fails keeps nothing.
    }
  }

  /**
   * Runs `work` once for all who ask under the same key at the same time. Whoever began it may give up without harm to
   * the others: the next of them begins anew.
   */
  async single<A>(key: string, scope: Scope, work: () => Promise<A>): Promise<A> {
    for (;;) {
      // Under one key only answers of one kind are asked for.
      const flight = this.#flights.get(key) as Flight<A> | undefined;
      if (flight === undefined) return this.#begin(key, scope, work);
      try {
        return await orStop(flight.answer, scope);
      } catch (error) {
        if (scope.stopped || !flight.scope.stopped) throw error;
      }
    }
  }

  async #begin<A>(key: string, scope: Scope, work: () => Promise<A>): Promise<A> {
    const answer = work();
    const flight: Flight<A> = { scope, answer };
    this.#flights.set(key, flight);
    try {
      return await answer;
    } finally {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    }
  }
}
