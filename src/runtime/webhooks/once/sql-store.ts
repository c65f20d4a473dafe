import { callable, requireValues } from "../../platform/values.ts";
import { type Clock, systemClock } from "../../time/clock.ts";
import type { EventStore } from "./event-store.ts";

/** One row of the table of events. */
export interface EventRow {
  /** Primary key, or unique. */
  id: string;
  token: string;
  /** Epoch milliseconds at which the lease ends; of no meaning once `done`. */
  until: number;
  done: boolean;
}

/** What the store needs of a database. Each is one statement. */
export interface EventTable {
  /** `INSERT … ON CONFLICT DO NOTHING`: whether a row went in. */
  insert(row: EventRow): Promise<boolean>;
  /** `SELECT … WHERE id = ?` */
  read(id: string): Promise<EventRow | undefined>;
  /** `UPDATE … SET token, until, done WHERE id = ? AND token = ? AND NOT done`, with `token` as it was: whether a row changed. */
  replace(token: string, row: EventRow): Promise<boolean>;
}

/**
 * Remembers events in a table of your database. Leases run by the clocks of the machines: these must agree to well
 * within a lease. Delete rows that are done and older than the provider redelivers.
 */
export function sqlEventStore(
  table: EventTable,
  { clock = systemClock }: { clock?: Clock } = {},
): EventStore {
  requireValues("sqlEventStore", table, { insert: callable, read: callable, replace: callable });
  return {
    claim: async (id, { token, ms }) => {
      const row = { id, token, until: clock.now() + ms, done: false };
      if (await table.insert(row)) return "claimed";
      const held = await table.read(id);
      if (held?.done) return "done";
      if (held === undefined || held.until > clock.now()) return "busy";
      // Two who find the same lease at its end: the token lets only one of them through.
      return (await table.replace(held.token, row)) ? "claimed" : "busy";
    },
    renew: (id, { token, ms }) => table.replace(token, { id, token, until: clock.now() + ms, done: false }),
    complete: (id, token) => table.replace(token, { id, token, until: clock.now(), done: true }),
    release: async (id, token) => {
      await table.replace(token, { id, token, until: 0, done: false });
    },
  };
}
