/** The numbers of the AWS SDKs (smithy-typescript, util-retry): a full bucket pays for 100 retries. */
const CAPACITY = 500;
const COST = 5;
const TIMEOUT_COST = 10;

/**
 * What all calls of a client may spend on retries together: an outage of the provider is met with a burst of retries and
 * then none, instead of a load three times the usual.
 */
export class RetryBudget {
  #tokens = CAPACITY;

  /** Takes the price of one retry, or says no. Timeouts cost double: they held a slot for long. */
  take(timedOut: boolean): boolean {
    const cost = timedOut ? TIMEOUT_COST : COST;
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  /** A call that succeeded at once earns a token; one that succeeded after retries gets back the last retry's price. */
  refund(retries: number): void {
    this.#tokens = Math.min(CAPACITY, this.#tokens + (retries > 0 ? COST : 1));
  }
}
