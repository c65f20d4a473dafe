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
 * The middle of the rounds' ratios, and between what the true middle lies with a certainty of 95 in 100, by the binomial
 * distribution: nothing is assumed of how the ratios are spread.
 */
export function ratioOf(ones, others) {
  const ratios = ones.map((one, round) => one / others[round]).sort((a, b) => a - b);
  const reach = 0.98 * Math.sqrt(ratios.length);
  const at = (rank) => ratios[Math.min(ratios.length - 1, Math.max(0, Math.round(rank)))];
  const half = (ratios.length - 1) / 2;
  return { middle: median(ratios), low: at(half - reach), high: at(half + reach) };
}

/**
 * Runs contestants in turns, in a new random order each round, so that a busy moment of the machine meets all of them.
 * @param contestants name → a function that does the work once
 * @param cpu takes in name → microseconds of this process's CPU time of each measured round
 * @returns name → milliseconds of each measured round
 */
export async function interleave(contestants, { rounds = 20, warmUp = 3, cpu } = {}) {
  for (const name of Object.keys(contestants)) if (cpu) cpu[name] = [];
  const times = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    const order = Object.entries(contestants)
      .map((entry) => ({ entry, key: Math.random() }))
      .sort((a, b) => a.key - b.key);
    for (const {
      entry: [name, work],
    } of order) {
      const before = cpu && process.cpuUsage();
      const started = performance.now();
      await work();
      const ended = performance.now();
      if (round < 0) continue;
      times[name].push(ended - started);
      if (!cpu) continue;
      const { user, system } = process.cpuUsage(before);
      cpu[name].push(user + system);
    }
  }
  return times;
}
