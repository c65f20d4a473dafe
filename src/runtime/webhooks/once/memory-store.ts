import { count, requireNumbers } from "../../platform/numbers.ts";
import { type Clock, systemClock } from "../../time/clock.ts";
import type { EventStore } from "./event-store.ts";

export interface MemoryEventStoreOptions {
  /** Processed events that are remembered; the oldest are forgotten first. Default 100,000. */
  maxEvents?: number;
  clock?: Clock;
}

/** Remembers events within this process: for one process, or for tests. A restart forgets them. */
export function memoryEventStore(options: MemoryEventStoreOptions = {}): EventStore {
  requireNumbers("memoryEventStore", options, { maxEvents: count });
  const { maxEvents = 100_000, clock = systemClock } = options;
  const claims = new Map<string, { token: string; until: number }>();
  const done = new Set<string>();
  const isOurs = (id: string, token: string) => claims.get(id)?.token === token;
  return {
    claim: async (id, { token, ms }) => {
      if (done.has(id)) return "done";
      const held = claims.get(id);
      if (held !== undefined && held.until > clock.now()) return "busy";
      claims.set(id, { token, until: clock.now() + ms });
      return "claimed";
    },
    renew: async (id, { token, ms }) => {
      if (!isOurs(id, token)) return false;
      claims.set(id, { token, until: clock.now() + ms });
      return true;
    },
    complete: async (id, token) => {
      if (!isOurs(id, token)) return false;
      claims.delete(id);
      done.add(id);
      for (const oldest of done) {
        if (done.size <= maxEvents) break;
        done.delete(oldest);
      }
      return true;
    },
    release: async (id, token) => {
      if (isOurs(id, token)) claims.delete(id);
    },
  };
}
