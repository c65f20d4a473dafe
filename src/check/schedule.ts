import type { Target } from "../config/project.ts";

/** How many pieces of work may run at once. */
export interface Bounds {
  total: number;
  /** Of one lane: a provider's host. */
  perLane: number;
}

/** Items of one lane in their order, how far they have been taken, and how many of them are being worked on. */
interface Lane<T> {
  waiting: { item: T; index: number }[];
  next: number;
  busy: number;
}

const headOf = <T>({ waiting, next }: Lane<T>) => waiting[next]?.index ?? Number.POSITIVE_INFINITY;

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
  const lanes = new Map<string, Lane<T>>();
  for (const [index, item] of items.entries()) {
    const name = laneOf(item);
    const lane = lanes.get(name) ?? { waiting: [], next: 0, busy: 0 };
    lane.waiting.push({ item, index });
    lanes.set(name, lane);
  }
  /** The first of all items whose lane has room; only the head of each lane is looked at. */
  const takeNext = () => {
    let first: Lane<T> | undefined;
    for (const lane of lanes.values()) {
      if (lane.busy >= perLane || lane.next >= lane.waiting.length) continue;
      if (!first || headOf(lane) < headOf(first)) first = lane;
    }
    const taken = first?.waiting[first.next];
    if (!first || !taken) return undefined;
    first.next++;
    first.busy++;
    return { ...taken, lane: first };
  };
  let left = items.length;
  let running = 0;
  await new Promise<void>((resolve, reject) => {
    const fill = () => {
      if (left === 0) resolve();
      while (running < total) {
        const next = takeNext();
        if (!next) return;
        running++;
        work(next.item).then((result) => {
          results[next.index] = result;
          running--;
          left--;
          next.lane.busy--;
          fill();
        }, reject);
      }
    };
    fill();
  });
  return results;
}

/** Targets of one lane are asked of one host. */
export function laneOf({ url }: Target): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

/** Items of different lanes in turn, so that whoever takes the first of them does not take one lane's only. */
export function interleave<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  const lanes = new Map<string, T[]>();
  for (const item of items) {
    const lane = lanes.get(nameOf(item));
    if (lane) lane.push(item);
    else lanes.set(nameOf(item), [item]);
  }
  const longest = Math.max(0, ...[...lanes.values()].map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) =>
    [...lanes.values()].flatMap((lane) => lane.slice(at, at + 1)),
  ).flat();
}

/** Lets work of one lane pass, at most so much of it at once; for work that comes in one by one. */
export class Lanes {
  readonly #perLane: number;
  readonly #busy = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(perLane: number) {
    this.#perLane = perLane;
  }

  async run<R>(lane: string, work: () => Promise<R>): Promise<R> {
    return (await this.begin(lane, work)).result;
  }

  /** Waits until the work has begun, not for its result. */
  async begin<R>(lane: string, work: () => Promise<R>): Promise<{ result: Promise<R> }> {
    await this.#enter(lane);
    return { result: work().finally(() => this.#leave(lane)) };
  }

  #enter(lane: string): Promise<void> {
    const busy = this.#busy.get(lane) ?? 0;
    if (busy < this.#perLane) {
      this.#busy.set(lane, busy + 1);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#waiting.set(lane, [...(this.#waiting.get(lane) ?? []), resolve]);
    });
  }

  /** Whoever waits longest takes the place over. */
  #leave(lane: string): void {
    const next = this.#waiting.get(lane)?.shift();
    if (next) next();
    else this.#busy.set(lane, (this.#busy.get(lane) ?? 1) - 1);
  }
}
