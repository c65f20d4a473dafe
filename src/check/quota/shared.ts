import { randomUUID } from "node:crypto";
import type { Clock } from "../../base/context.ts";
import { headroom, type KnownQuota, laterQuotas, type QuotaLedger, refusalOf } from "../../probe/ledger.ts";

/** What all processes together know of one credential's quotas. */
export interface SharedQuota extends KnownQuota {
  /** Requests under way, by id: epoch milliseconds at which each was announced. */
  flights: Readonly<Record<string, number>>;
}

/** A request that was announced so long ago belongs to a process that died. */
const LONGEST_FLIGHT_MS = 120_000;

const NOTHING: SharedQuota = { quotas: [], at: 0, sent: 0, retryAt: 0, flights: {} };

function flying(flights: SharedQuota["flights"], now: number): Record<string, number> {
  return Object.fromEntries(Object.entries(flights).filter(([, since]) => now - since < LONGEST_FLIGHT_MS));
}

/** Announces one request, unless it would touch the reserve: then nothing changes. */
export function announce(
  state: SharedQuota = NOTHING,
  { id, reserve, now }: { id: string; reserve: number; now: number },
): SharedQuota {
  if (refusalOf(state, reserve, now)) return state;
  return { ...state, sent: state.sent + 1, flights: { ...flying(state.flights, now), [id]: now } };
}

/**
 * Takes a request back that has been answered, with what the answer said. Requests of others that are still under way may or may
 * not be counted in it: they are taken as not counted.
 */
export function arrive(
  state: SharedQuota = NOTHING,
  { id, learned, now }: { id: string; learned?: KnownQuota | undefined; now: number },
): SharedQuota {
  const { [id]: _landed, ...flights } = flying(state.flights, now);
  const retryAt = Math.max(state.retryAt, learned?.retryAt ?? 0);
  if (!learned || learned.quotas.length === 0) return { ...state, retryAt, flights };
  const [early, late] = learned.at < state.at ? [learned, state] : [state, learned];
  const quotas = laterQuotas(early.quotas, late.quotas);
  return { quotas, at: late.at, sent: Object.keys(flights).length, retryAt, flights };
}

/** Where processes keep what they share. */
export interface QuotaStore {
  /**
   * Fewer requests left than this: each is announced before it is sent. With more, what the provider's next answer says is
   * soon enough.
   */
  readonly near: number;
  /** Whether somebody else may have written since this process looked last. */
  changed(): boolean;
  /** Changes one credential's entry; nobody else does meanwhile. Gives what is there now; undefined where the store is lost. */
  update(
    key: string,
    change: (state: SharedQuota | undefined) => SharedQuota,
  ): Promise<SharedQuota | undefined>;
}

/** What a process takes over whose own request is announced already: its ledger counts it when it is sent. */
function seenBy(id: string, { flights, ...known }: SharedQuota): KnownQuota {
  return { ...known, sent: known.sent - (Object.hasOwn(flights, id) ? 1 : 0) };
}

const tells = ({ quotas, retryAt }: KnownQuota, now: number) => quotas.length > 0 || retryAt > now;

/** Milliseconds between two notes of a quota that is far from its reserve. */
const FAR_PAUSE_MS = 1000;

/** Keeps a run's ledger in step with the other processes that use the same quotas. */
export class SharedQuotas {
  readonly #store: QuotaStore;
  readonly #clock: Clock;
  readonly #told = new Map<string, number>();
  /** Process ids repeat from machine to machine. */
  readonly #self = randomUUID();
  #announced = 0;

  constructor(store: QuotaStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * Lets `work` send one request. The ledger learns first what others saw and sent, so that it refuses what all together may
   * not send; afterwards the others learn what the answer said.
   */
  async around<R>(
    { key, reserve, ledger }: { key: string; reserve: number; ledger: QuotaLedger },
    work: () => Promise<R>,
  ): Promise<R> {
    const id = `${this.#self}-${++this.#announced}`;
    const now = this.#clock.now();
    const announced = this.#isNear(key, reserve, ledger);
    if (announced) {
      const state = await this.#store.update(key, (before) => announce(before, { id, reserve, now }));
      if (state) ledger.adopt(key, seenBy(id, state));
    }
    const before = ledger.known(key);
    try {
      return await work();
    } finally {
      const learned = ledger.known(key);
      const isNews = learned !== undefined && learned !== before && tells(learned, now);
      if (announced || (isNews && this.#isDue(key))) await this.#arrived(key, id, learned);
    }
  }

  async #arrived(key: string, id: string, learned: KnownQuota | undefined): Promise<void> {
    const now = this.#clock.now();
    this.#told.set(key, now);
    await this.#store.update(key, (state) => arrive(state, { id, learned, now }));
  }

  #isNear(key: string, reserve: number, ledger: QuotaLedger): boolean {
    if (this.#store.changed()) return true;
    const known = ledger.known(key);
    if (!known) return false;
    const left = headroom(known, reserve, this.#clock.now());
    return left !== undefined && left < this.#store.near;
  }

  #isDue(key: string): boolean {
    return this.#clock.now() - (this.#told.get(key) ?? Number.NEGATIVE_INFINITY) >= FAR_PAUSE_MS;
  }
}
