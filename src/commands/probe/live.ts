import type { Writer } from "../../base/context.ts";
import { formatDuration } from "../../base/duration.ts";
import { neutralize, truncate } from "../../base/text.ts";
import type { Sample } from "../../probe/result.ts";
import { median } from "../../probe/statistics.ts";
import type { Subject } from "../../probe/subject.ts";

/** Redrawn no more often than a person can read. */
const EVERY_MS = 80;
const TRACE = "▁▂▃▄▅▆▇█";

/** `▁▂▁▇▂`: the last samples against the slowest of them. */
function trace(values: readonly number[]): string {
  const most = Math.max(...values);
  return values
    .map((value) => TRACE[Math.min(TRACE.length - 1, Math.floor((value / most) * TRACE.length))] ?? "")
    .join("");
}

/** One line on a terminal's stderr that follows the sampling; nothing where there is no terminal. */
export class LiveLine {
  readonly #out: Writer;
  readonly #wanted: number;
  readonly #totals = new Map<Subject, number[]>();
  readonly #subjects: number;
  #drawnAt = 0;

  constructor(out: Writer, subjects: number, samples: number) {
    this.#out = out;
    this.#subjects = subjects;
    this.#wanted = subjects * samples;
  }

  sampled(sample: Sample, subject: Subject): void {
    const totals = this.#totals.get(subject) ?? [];
    this.#totals.set(subject, totals);
    totals.push(sample.totalMs);
    if (!this.#out.isTTY || sample.startedAt - this.#drawnAt < EVERY_MS) return;
    this.#drawnAt = sample.startedAt;
    const done = [...this.#totals.values()].reduce((sum, { length }) => sum + length, 0);
    const parts = [
      this.#subjects > 1 ? `${this.#totals.size}/${this.#subjects}` : "",
      `${done}/${this.#wanted}`,
      neutralize(subject.label),
      `p50 ${formatDuration(median(totals) ?? 0)}`,
      trace(totals.slice(-24)),
    ];
    this.#out.write(
      `\r\u001b[2K${truncate(parts.filter((part) => part !== "").join("  "), this.#out.columns - 1)}`,
    );
  }

  clear(): void {
    if (this.#out.isTTY && this.#drawnAt > 0) this.#out.write("\r\u001b[2K");
  }
}
