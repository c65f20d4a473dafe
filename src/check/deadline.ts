/**
 * Runs work with a signal that ends with another one, or when the time is over. By a timer of its own: `AbortSignal.any` holds
 * the time-out that it is made of so loosely that Node may collect it before its time, and then it never comes.
 * @param ms undefined: only the other signal ends it
 */
export async function withDeadline<R>(
  parent: AbortSignal,
  ms: number | undefined,
  work: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  if (ms === undefined) return work(parent);
  const controller = new AbortController();
  const onAbort = () => controller.abort(parent.reason);
  const timer = setTimeout(() => controller.abort(new Error("the time is over")), ms);
  parent.addEventListener("abort", onAbort);
  if (parent.aborted) onAbort();
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    parent.removeEventListener("abort", onAbort);
  }
}
