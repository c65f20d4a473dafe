/** How many pieces of work may run at once. */
export interface Bounds {
  total: number;
  /** Of one lane: a provider's host. */
  perLane: number;
}

/**
 * Runs `work` on every item, at most `perLane` of one lane and `total` altogether at once; results in the order of the
 * items. Work must not reject: a failure is a result.
 */
export async function runBounded<T, R>(
  items: readonly T[],
  laneOf: (item: T) => string,
  { total, perLane }: Bounds,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const busy = new Map<string, number>();
  const waiting = items.map((item, index) => ({ item, index, lane: laneOf(item) }));
  const takeNext = () => {
    const at = waiting.findIndex(({ lane }) => (busy.get(lane) ?? 0) < perLane);
    return at === -1 ? undefined : waiting.splice(at, 1)[0];
  };
  let running = 0;
  await new Promise<void>((resolve, reject) => {
    const fill = () => {
      if (running === 0 && waiting.length === 0) resolve();
      while (running < total) {
        const next = takeNext();
        if (!next) return;
        running++;
        busy.set(next.lane, (busy.get(next.lane) ?? 0) + 1);
        work(next.item).then((result) => {
          results[next.index] = result;
          running--;
          busy.set(next.lane, (busy.get(next.lane) ?? 1) - 1);
          fill();
        }, reject);
      }
    };
    fill();
  });
  return results;
}
