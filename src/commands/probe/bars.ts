const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `width` columns at full scale, drawn to an eighth of a column; something that is not zero is never invisible. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const drawn = share > 0 ? Math.max(1, eighths) : 0;
  return "█".repeat(drawn >> 3) + (EIGHTHS[drawn & 7] ?? "");
}

/** One bucket of a histogram: from `from` to below `to`, milliseconds. */
export interface Bucket {
  from: number;
  to: number;
  count: number;
}

/** Equal buckets over the range of the samples; what lies beyond Q3 + 3 IQR is left to `outliers`. */
export function buckets(ascending: ArrayLike<number>, size: number, upper: number): Bucket[] {
  const values = Array.from(ascending).filter((value) => value <= upper);
  const low = values[0] ?? 0;
  const high = values.at(-1) ?? low;
  const width = (high - low) / size || 1;
  const made = Array.from({ length: high > low ? size : 1 }, (_, index) => ({
    from: low + index * width,
    to: low + (index + 1) * width,
    count: 0,
  }));
  for (const value of values) {
    const bucket = made[Math.min(made.length - 1, Math.floor((value - low) / width))];
    if (bucket) bucket.count++;
  }
  return made;
}
