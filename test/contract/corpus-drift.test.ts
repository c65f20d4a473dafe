import { describe, expect, test } from "vitest";
import { judge } from "../../src/contract/judge.ts";
import { recordContract } from "../../src/contract/record.ts";
import { hasCorpus, redoneAnswers, sampleOf } from "./corpus.ts";
import { isAlarm } from "./drift/evaluate.ts";
import { type Claim, isFound, labelsOf } from "./drift/labels.ts";
import { Random } from "./drift/random.ts";
import { endpointsWith, recordedPairs } from "./drift/recorded.ts";
import { falseAlarms, missedBreaks, score, shownFinding } from "./drift/table.ts";

const about = { request: "GET /", title: "corpus" };

/** Real maps of the corpus: a new name in them is data. */
const MAPS = /\.(?:credentials|test_credentials|files)\./;

describe.runIf(hasCorpus)("real answers, the same request at two times", () => {
  const pairs = (hasCorpus ? redoneAnswers() : []).map((pair) => {
    const contract = recordContract([sampleOf(pair.old)], about);
    return { pair, findings: judge({ contract, samples: [sampleOf(pair.new)] }) };
  });

  test("every labelled change that the two answers bear out is found", () => {
    const labels: Partial<Record<Claim, number>> = {};
    const missed: string[] = [];
    for (const { pair, findings } of pairs) {
      for (const { path, claim } of labelsOf(pair)) {
        labels[claim] = (labels[claim] ?? 0) + 1;
        const counts = claim !== "other data" && !(claim === "new" && MAPS.test(path));
        if (counts && !isFound(findings, path))
          missed.push(`${claim}: ${pair.provider} ${pair.endpoint} ${path}`);
      }
    }
    expect(missed).toEqual([]);
    // The corpus has not shrunk: as documented in docs/drift-accuracy.md.
    expect(labels).toMatchObject({ gone: 243, null: 140, retyped: 38, learned: 214, new: 1182 });
  });

  test("one answer against one is never enough for an error about a property", () => {
    const errors = pairs.flatMap(({ pair, findings }) =>
      findings
        .filter(({ severity, path }) => severity === "error" && path !== "$")
        .map(({ rule, path }) => `${pair.provider} ${pair.endpoint}: ${rule} ${path}`),
    );
    expect(errors).toEqual([]);
  });

  test("what is new is always said, and what is missing mostly", () => {
    const said = (kind: string) => {
      const own = pairs.filter(({ pair }) => pair.class === kind).map(({ findings }) => findings);
      const alarmed = own.filter((findings) => findings.some(isAlarm)).length;
      return { pairs: own.length, alarmed, silent: own.filter(({ length }) => length === 0).length };
    };
    // As documented in docs/contracts.md.
    expect(said("added")).toMatchObject({ pairs: 208, silent: 0 });
    expect(said("removed")).toEqual({ pairs: 131, alarmed: 16, silent: 26 });
  });

  test("answers of the same shape raise no alarm about the body", () => {
    const alarms = pairs
      .filter(({ pair }) => pair.class === "same-shape")
      .flatMap(({ findings }) =>
        findings.filter((one) => isAlarm(one) && one.rule !== "contract/header-removed"),
      );
    expect(alarms).toEqual([]);
  });
});

describe.runIf(hasCorpus)("halves of the real answers of one endpoint", () => {
  const endpoints = endpointsWith(4);

  test("one half raises no error against the contract of the other, and hardly a warning", () => {
    const errors: string[] = [];
    let [judgements, warned] = [0, 0];
    for (const { key, answers } of endpoints) {
      for (let seed = 0; seed < 4; seed++) {
        const mixed = new Random(seed).shuffled(answers).map(sampleOf);
        const half = Math.ceil(mixed.length / 2);
        const contract = recordContract(mixed.slice(0, half), about);
        const findings = judge({ contract, samples: mixed.slice(half) });
        for (const { severity, rule, path } of findings)
          if (severity === "error") errors.push(`${key} (${answers.length}): ${rule} ${path}`);
        judgements++;
        if (findings.some(isAlarm)) warned++;
      }
    }
    expect(errors).toEqual([]);
    // As documented in docs/drift-accuracy.md.
    expect({ judgements, warned }).toEqual({ judgements: 532, warned: 11 });
  });
});

/** One alarm in 200 judgements of answers that did not drift, where enough were recorded to know. */
const FALSE_ALARMS = 0.005;

const SIZES = [
  { recorded: 20, live: 20, trials: 4, most: FALSE_ALARMS },
  { recorded: 20, live: 3, trials: 6, most: FALSE_ALARMS },
  { recorded: 10, live: 4, trials: 3, most: FALSE_ALARMS },
  // Five answers do not show all that other data bring.
  { recorded: 5, live: 5, trials: 2, most: 0.02 },
];

describe.runIf(hasCorpus).each(SIZES)("real answers, $recorded recorded and $live live", (sizes) => {
  const result = hasCorpus
    ? score(recordedPairs(sizes, sizes.trials, 1), new Random(7))
    : { quiet: [], drifted: [] };

  test("raise no alarm where nothing drifted", () => {
    const alarms = falseAlarms(result);
    const shown = alarms.map(
      ({ name, change, alarms: [first] }) => `${name}, ${change}: ${first && shownFinding(first)}`,
    );
    expect(result.quiet.length).toBeGreaterThan(20);
    expect(alarms.length / result.quiet.length, shown.join("\n")).toBeLessThanOrEqual(sizes.most);
  });

  test("show every certain break that is put into them", () => {
    const missed = missedBreaks(result).map(
      ({ name, mutation, place }) => `${name}: ${mutation.name} at ${place.way.join(".")}`,
    );
    expect(result.drifted.length).toBeGreaterThan(50);
    expect(missed).toEqual([]);
  });
});
