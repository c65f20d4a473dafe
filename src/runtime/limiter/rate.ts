/** A limit that the provider's documentation states, for providers whose responses say nothing. */
export interface Rate {
  /** Requests in any stretch of `perMs` milliseconds. */
  requests: number;
  perMs: number;
}

/** Counts exactly: never more than `requests` in any stretch of time, not only on average. */
export class RateWindow {
  readonly #rate: Rate;
  /** When the last `requests` requests went out, as a ring. */
  readonly #sent: number[] = [];
  #next = 0;

  /** @throws RangeError where the rate is none */
  constructor(rate: Rate) {
    if (!(Number.isInteger(rate.requests) && rate.requests > 0 && rate.perMs > 0)) {
      throw new RangeError("a rate is a whole number of requests, at least 1, in more than 0 ms");
    }
    this.#rate = rate;
  }

  /** Epoch milliseconds from which a request is within the rate that leaves `reserve` of it to others. */
  freeAt(now: number, reserve: number): number {
    this.#sentBy(now);
    const { requests, perMs } = this.#rate;
    const usable = Math.max(1, requests - Math.ceil(requests * reserve));
    if (this.#sent.length < usable) return 0;
    const oldest = this.#sent[(this.#next - usable + requests) % requests] ?? 0;
    return oldest + perMs;
  }

  /** After a clock was set back, what went out "later" has gone out by now. */
  #sentBy(now: number): void {
    const { requests } = this.#rate;
    if ((this.#sent[(this.#next - 1 + requests) % requests] ?? 0) <= now) return;
    for (const [place, at] of this.#sent.entries()) this.#sent[place] = Math.min(at, now);
  }

  spend(now: number): void {
    this.#sent[this.#next] = now;
    this.#next = (this.#next + 1) % this.#rate.requests;
  }
}
