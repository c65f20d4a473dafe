import { describe, expect, test } from "vitest";
import { Random } from "./random.ts";
import { falseAlarms, inventedPairs, missedBreaks, score, shownFinding } from "./table.ts";

/** One alarm in 200 judgements of answers that did not drift. */
const FALSE_ALARMS = 0.005;

const SIZES = [
  { recorded: 20, live: 20, trials: 4 },
  { recorded: 20, live: 3, trials: 8 },
  { recorded: 5, live: 5, trials: 8 },
];

describe.each(SIZES)("$recorded answers recorded, $live live", ({ recorded, live, trials }) => {
  const result = score(inventedPairs({ recorded, live }, trials, 1), new Random(7));

  test("other data, another order, longer and shorter lists raise no alarm", () => {
    const alarms = falseAlarms(result);
    const shown = alarms.map(
      ({ name, change, alarms: [first] }) => `${name}, ${change}: ${first && shownFinding(first)}`,
    );
    expect(alarms.length / result.quiet.length, shown.join("\n")).toBeLessThanOrEqual(FALSE_ALARMS);
  });

  test("no break that is certain goes without an alarm", () => {
    const missed = missedBreaks(result).map(
      ({ name, mutation, place }) => `${name}: ${mutation.name} at ${place.way.join(".")}`,
    );
    expect(missed).toEqual([]);
  });

  test("an alarm is about the place that drifted", () => {
    const astray = result.drifted.flatMap(({ name, mutation, place, stray }) =>
      stray.map((one) => `${name}: ${mutation.name} at ${place.way.join(".")}: ${shownFinding(one)}`),
    );
    expect(astray.length / result.drifted.length, astray.join("\n")).toBeLessThanOrEqual(FALSE_ALARMS);
  });
});
