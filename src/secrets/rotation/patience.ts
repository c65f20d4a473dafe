import type { Clock } from "../../base/context.ts";
import type { Verdict, Verifier } from "./driver.ts";

/** Milliseconds between attempts: new keys propagate late, revoked ones linger. About 30 s in all. */
export const WAITS_MS = [250, 500, 1000, 2000, 4000, 8000, 15_000];

/** Answers that say nothing (an outage, a time-out) after which no further is asked for: each may take as long as a deadline. */
const MOST_UNKNOWN = 4;

/** Asks until the answer is the one hoped for, or patience ends. */
export async function askUntil(
  state: Verdict["state"],
  value: string,
  verifier: Verifier,
  clock: Clock,
): Promise<Verdict> {
  let verdict = await verifier.verify(value);
  let unknown = 0;
  for (const wait of WAITS_MS) {
    if (verdict.state === "unknown") unknown++;
    const unfit = verdict.state === "unknown" && verdict.unfit === true;
    if (verdict.state === state || unfit || unknown === MOST_UNKNOWN) return verdict;
    await clock.sleep(wait);
    verdict = await verifier.verify(value);
  }
  return verdict;
}
