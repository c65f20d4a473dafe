import type { Clock } from "../base/context.ts";

// `node:perf_hooks` and `node:timers/promises` are not part of Node's own start: whoever only asks for help does without.

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => Number(process.hrtime.bigint()) / 1e6,
  sleep: async (ms, signal) => {
    const { setTimeout: delay } = await import("node:timers/promises");
    return delay(ms, undefined, signal ? { signal } : {});
  },
};
