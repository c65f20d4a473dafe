import { abandonedCalls } from "../../base/abandoned.ts";

/** A call that got no answer in time: most likely a dialog waits for a person. */
export class NoAnswerError extends Error {
  constructor(afterMs: number) {
    super(`no answer within ${afterMs / 1000} s`);
    this.name = "NoAnswerError";
  }
}

export interface Patience {
  /** Milliseconds until the wait ends with `NoAnswerError`. */
  timeoutMs: number;
  /** Ends the wait with its reason. */
  signal?: AbortSignal | undefined;
  /** Called once after 3 s: somebody may want to know what is being waited for. */
  onWait?: (() => void) | undefined;
}

/** Milliseconds after which a person wonders. */
const WONDER_MS = 3000;

/** Waits for a native call that cannot be cancelled; one that is given up on is counted as abandoned. */
export function waitFor<T>(work: Promise<T>, { timeoutMs, signal, onWait }: Patience): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (reason: unknown) => {
      abandonedCalls.add();
      release();
      reject(reason);
    };
    const interrupted = () => giveUp(signal?.reason);
    const timeout = setTimeout(() => giveUp(new NoAnswerError(timeoutMs)), timeoutMs);
    const wonder = setTimeout(() => onWait?.(), WONDER_MS);
    const release = () => {
      clearTimeout(timeout);
      clearTimeout(wonder);
      signal?.removeEventListener("abort", interrupted);
    };
    if (signal?.aborted) return interrupted();
    signal?.addEventListener("abort", interrupted, { once: true });
    work.finally(release).then(resolve, reject);
  });
}
