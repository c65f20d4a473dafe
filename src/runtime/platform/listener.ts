/**
 * Tells a listener of the application. What it throws, or rejects with where it is async, is its own affair: a logger
 * that breaks must not break, or repeat, what it listens to.
 */
export function tellListener<T>(listener: ((event: T) => unknown) | undefined, event: T): void {
  try {
    const told = listener?.(event);
    if (told instanceof Promise) told.catch(() => {});
  } catch {
    // Nobody is left to tell.
  }
}
