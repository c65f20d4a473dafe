import { statSync } from "node:fs";
import type { Clock } from "../../base/context.ts";
import type { KnownQuota } from "../../probe/ledger.ts";
import { readQuotaFile, writeQuotaFile } from "../../probe/quota-file.ts";
import { withLock } from "../../secrets/lock.ts";
import type { QuotaStore, SharedQuota } from "./shared.ts";

/** Processes of one machine have few requests under way: far from the reserve nobody need write for each of them. */
const NEAR = 100;
/** Milliseconds for which a look at the file holds: what is written meanwhile might as well have come too late. */
const LOOK_MS = 10;
/** Milliseconds to wait for another writer before going on alone. */
const PATIENCE_MS = 5000;

function flightsOf(known: KnownQuota): Record<string, number> {
  const flights = "flights" in known ? known.flights : undefined;
  if (typeof flights !== "object" || flights === null) return {};
  return Object.fromEntries(
    Object.entries(flights).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

/** Quotas in a file that all processes of a machine read and write; `integ probe` uses it too. */
export function quotaFileStore(file: string, clock: Clock): QuotaStore {
  let seen = -1;
  let looked = Number.NEGATIVE_INFINITY;
  let differs = false;
  let queue: Promise<unknown> = Promise.resolve();
  const modified = () => {
    try {
      return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -1;
    } catch {
      // Nobody can look into the directory: as good as no file.
      return -1;
    }
  };
  const exclusively = <R>(work: () => Promise<R>): Promise<R> => {
    // Within the process nobody need wait for the lock's own patience.
    const turn = queue.then(() => withLock(`${file}.lock`, clock, work, { patienceMs: PATIENCE_MS }));
    queue = turn.catch(() => {});
    return turn;
  };
  return {
    near: NEAR,
    changed: () => {
      const now = clock.monotonic();
      if (now - looked < LOOK_MS) return differs;
      looked = now;
      differs = modified() !== seen;
      return differs;
    },
    update: (key, change) =>
      exclusively(async () => {
        const all = await readQuotaFile(file);
        const before = all.get(key);
        const after: SharedQuota = change(before && { ...before, flights: flightsOf(before) });
        all.set(key, after);
        await writeQuotaFile(file, all, clock.now());
        seen = modified();
        differs = false;
        return after;
        // A directory that cannot be written, or a lock that nobody gives back: this process goes on by what it sees itself.
      }).catch(() => undefined),
  };
}
