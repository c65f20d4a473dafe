/** One timer of a row, between its neighbours. */
interface Entry {
  /** By the monotonic clock. */
  readonly at: number;
  readonly callback: () => void;
  before: Entry | undefined;
  after: Entry | undefined;
  open: boolean;
}

/** Timers of one length: they end in the order in which they began, so one timer of the platform serves them all. */
class Row {
  readonly #ms: number;
  readonly #onEmpty: () => void;
  #first: Entry | undefined;
  #last: Entry | undefined;
  #timer: NodeJS.Timeout;

  constructor(ms: number, onEmpty: () => void) {
    this.#ms = ms;
    this.#onEmpty = onEmpty;
    this.#timer = setTimeout(() => this.#end(), ms);
  }

  add(callback: () => void): () => void {
    const entry: Entry = {
      at: performance.now() + this.#ms,
      callback,
      before: this.#last,
      after: undefined,
      open: true,
    };
    if (this.#last) this.#last.after = entry;
    else {
      this.#first = entry;
      this.#timer.ref();
    }
    this.#last = entry;
    return () => this.#remove(entry);
  }

  #remove(entry: Entry): void {
    if (!entry.open) return;
    entry.open = false;
    if (entry.before) entry.before.after = entry.after;
    else this.#first = entry.after;
    if (entry.after) entry.after.before = entry.before;
    else this.#last = entry.before;
    // Nobody waits: a process that has nothing else to do may end.
    if (this.#first === undefined) this.#timer.unref();
  }

  /** The platform's timer went off: for whoever it is time, and again for the next. */
  #end(): void {
    const now = performance.now();
    for (let entry = this.#first; entry !== undefined; entry = this.#first) {
      // The platform's timers may be early by a part of a millisecond.
      if (entry.at - now > 1) {
        this.#timer = setTimeout(() => this.#end(), entry.at - now);
        return;
      }
      this.#remove(entry);
      entry.callback();
    }
    this.#onEmpty();
  }
}

const rows = new Map<number, Row>();

/**
 * Calls back once after `ms` milliseconds, which many ask for: a client's timeout. Most are cancelled, and a timer of the
 * platform for each is dear beside the request that it watches.
 * @returns cancels
 */
export function afterCommon(ms: number, callback: () => void): () => void {
  let row = rows.get(ms);
  if (row === undefined) {
    row = new Row(ms, () => rows.delete(ms));
    rows.set(ms, row);
  }
  return row.add(callback);
}
