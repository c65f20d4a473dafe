import { AttemptFailed } from "../exchange/failure.ts";
import { LONGEST_HOLD_MS } from "../limiter/windows.ts";
import { backoff } from "../policies/jitter.ts";
import { Hold } from "../time/hold.ts";

/** Milliseconds between a failure of the token endpoint and the next request to it, at the least. */
const SHORTEST_HOLD_MS = 250;

/** A failure that passes, with the time after which trying again is worth it. */
function hinting(error: unknown, hintMs: number): unknown {
  if (!(error instanceof AttemptFailed)) return error;
  return new AttemptFailed({ ...error.failure, hintMs }, error.label, error.toError);
}

/**
 * A token endpoint that fails: one failure answers all who would have asked, until the provider's `Retry-After`, or else a
 * backoff that grows, has gone by. Without it each retry of each call would be a request more to what is down already.
 */
export class TokenOutage {
  readonly #random: () => number;
  readonly #hold = new Hold();
  #inRow = 0;
  #error: unknown;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** What is to be told in place of a request; undefined where one may be sent. */
  failure(now: number): unknown {
    const endsAt = this.#hold.endsAt(now);
    return now < endsAt ? hinting(this.#error, endsAt - now) : undefined;
  }

  /** @returns what those are told who waited for this answer */
  begin(error: unknown, now: number): unknown {
    const asked = error instanceof AttemptFailed ? error.failure.hintMs : undefined;
    const ms = Math.max(SHORTEST_HOLD_MS, asked ?? backoff(this.#inRow, this.#random));
    this.#inRow++;
    this.#error = error;
    this.#hold.begin(now, Math.min(ms, LONGEST_HOLD_MS));
    return this.failure(now);
  }

  end(): void {
    this.#inRow = 0;
    this.#hold.end();
  }
}
