/** A time in which nothing is to be sent. */
export class Hold {
  #from = 0;
  #until = 0;

  /** Holds for `ms` milliseconds from now, or on for as long as it was to anyway. */
  begin(now: number, ms: number): void {
    this.#until = Math.max(this.endsAt(now), now + ms);
    this.#from = now;
  }

  /** Epoch milliseconds; 0 where there is none. A clock that was set back would make a hold of seconds one of hours. */
  endsAt(now: number): number {
    return now < this.#from ? 0 : this.#until;
  }

  end(): void {
    this.#until = 0;
  }
}
