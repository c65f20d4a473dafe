/** Stops one exchange from outside: an AbortSignal for a single listener, at a hundredth of its cost. */
export class Stopper {
  /** Why it was stopped. */
  reason: Error | undefined;
  /** Called once, when it is stopped. */
  listener: ((reason: Error) => void) | undefined;

  stop(reason: Error): void {
    if (this.reason) return;
    this.reason = reason;
    this.listener?.(reason);
  }
}
