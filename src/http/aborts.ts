import { ExchangeError } from "./failure.ts";
import type { Stopper } from "./stopper.ts";

interface Watched {
  stoppers: Set<Stopper>;
  listener: () => void;
}

/** Stops exchanges when their signals say so: one listener for each signal, however many exchanges are under way with it. */
export class Aborts {
  readonly #watched = new Map<AbortSignal, Watched>();

  /** Stops an exchange when the signal is aborted, at once where it is already. @returns ends the watch */
  watch(signal: AbortSignal, stopper: Stopper): () => void {
    if (signal.aborted) {
      stop(stopper);
      return () => {};
    }
    const { stoppers, listener } = this.#watched.get(signal) ?? this.#listen(signal);
    stoppers.add(stopper);
    return () => {
      stoppers.delete(stopper);
      if (stoppers.size > 0) return;
      signal.removeEventListener("abort", listener);
      this.#watched.delete(signal);
    };
  }

  #listen(signal: AbortSignal): Watched {
    const stoppers = new Set<Stopper>();
    const watched = { stoppers, listener: () => stoppers.forEach(stop) };
    this.#watched.set(signal, watched);
    signal.addEventListener("abort", watched.listener);
    return watched;
  }
}

function stop(stopper: Stopper): void {
  stopper.stop(new ExchangeError({ kind: "aborted", message: "the exchange was stopped" }));
}
