/** A kept answer, as it came from the provider. */
export interface KeptAnswer {
  /** The body's text: parsed for each caller anew, so that none can change another's. */
  text: string;
  status: number;
  headers: Readonly<Record<string, string>>;
  requestId?: string;
  /** Epoch milliseconds. */
  storedAt: number;
}

/** Where answers are kept. Failing is allowed: the call then goes on as if nothing were kept. */
export interface CacheStore {
  get(key: string): KeptAnswer | undefined | Promise<KeptAnswer | undefined>;
  /** @param keepMs milliseconds after which nobody asks for it any more */
  set(key: string, answer: KeptAnswer, keepMs: number): void | Promise<void>;
}

export interface CacheOptions {
  /** Default: `memoryCache()`, of this client alone. */
  store?: CacheStore;
}

/** How one call uses the cache. */
export interface CallCache {
  /** Milliseconds for which a kept answer is given without asking the provider. Default 0: it is always asked. */
  freshMs?: number;
  /** Milliseconds for which a kept answer may stand in when the provider fails. Default one hour. */
  staleMs?: number;
  /** What tells this answer from others, where method, path, query and headers do not. Needed for other than GET and HEAD. */
  key?: string;
}
