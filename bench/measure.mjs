/** The middle value of a list of numbers. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The value below which a share of a list of numbers lies. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)];
}

/**
 * Runs contestants in turns, in a new random order each round, so that a busy moment of the machine meets all of them.
 * @param contestants name → a function that does the work once
 * @returns name → milliseconds of each measured round
 */
export async function interleave(contestants, { rounds = 20, warmUp = 3 } = {}) {
  const times = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    const order = Object.entries(contestants)
      .map((entry) => ({ entry, key: Math.random() }))
      .sort((a, b) => a.key - b.key);
    for (const {
      entry: [name, work],
    } of order) {
      const started = performance.now();
      await work();
      if (round >= 0) times[name].push(performance.now() - started);
    }
  }
  return times;
}
