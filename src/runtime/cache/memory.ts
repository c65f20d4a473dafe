import { count, requireNumbers } from "../platform/numbers.ts";
import type { CacheStore, KeptAnswer } from "./options.ts";

export interface MemoryCacheOptions {
  /** Default 1000. */
  maxEntries?: number;
  /** Characters of all bodies together. Default 16 Mi. */
  maxCharacters?: number;
}

interface Entry {
  answer: KeptAnswer;
  characters: number;
}

/**
 * Keeps answers in this process's memory, bounded: what was used longest ago goes first.
 * @throws RangeError where a bound is none
 */
export function memoryCache(options: MemoryCacheOptions = {}): CacheStore {
  requireNumbers("memoryCache", options, { maxEntries: count, maxCharacters: count });
  const { maxEntries = 1000, maxCharacters = 16 * 1024 * 1024 } = options;
  /** In the order of last use. */
  const entries = new Map<string, Entry>();
  let total = 0;
  const remove = (key: string) => {
    total -= entries.get(key)?.characters ?? 0;
    entries.delete(key);
  };
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.answer;
    },
    set: (key, answer) => {
      remove(key);
      const characters = key.length + answer.text.length + JSON.stringify(answer.headers).length;
      if (characters > maxCharacters) return;
      entries.set(key, { answer, characters });
      total += characters;
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries && total <= maxCharacters) break;
        remove(oldest);
      }
    },
  };
}
