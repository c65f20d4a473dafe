import type { QuotaStore, SharedQuota } from "../quota/shared.ts";
import type { Board } from "./board.ts";

function read(text: string): SharedQuota | undefined {
  // Only `update` writes there.
  const state: SharedQuota = JSON.parse(text);
  return state;
}

/** Quotas in Redis: every request of every worker is announced, however many there are. */
export function redisQuotaStore(board: Board): QuotaStore {
  return {
    near: Number.POSITIVE_INFINITY,
    changed: () => true,
    // While Redis is lost, each worker goes on by what the provider tells it.
    update: (key, change) => board.quota(key, read, change).catch(() => undefined),
  };
}
