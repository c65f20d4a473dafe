import { describe, expect, test } from "vitest";
import { mediaTypeOf } from "../../src/contract/judge/response.ts";
import { judge } from "../../src/contract/judge.ts";
import { recordContract } from "../../src/contract/record.ts";
import { hasCorpus, type Recorded, recordedAnswers, redoneAnswers, sampleOf } from "./corpus.ts";
import { isAlarm } from "./drift/evaluate.ts";
import { type Claim, isFound, labelsOf } from "./drift/labels.ts";
import { Random } from "./drift/random.ts";

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
  const endpoints = hasCorpus ? byEndpoint(recordedAnswers()) : [];

  test("one half raises no error against the contract of the other", () => {
    const errors: string[] = [];
    for (const [key, answers] of endpoints) {
      for (let seed = 0; seed < 4; seed++) {
        const mixed = new Random(seed).shuffled(answers).map(sampleOf);
        const half = Math.ceil(mixed.length / 2);
        const contract = recordContract(mixed.slice(0, half), about);
        for (const { severity, rule, path } of judge({ contract, samples: mixed.slice(half) })) {
          if (severity === "error") errors.push(`${key} (${answers.length}): ${rule} ${path}`);
        }
      }
    }
    expect(errors).toEqual([]);
  });
});

/** Answers of status 200 or 201 with JSON, by request and media type: those with at least four. */
function byEndpoint(answers: readonly Recorded[]): [string, Recorded[]][] {
  const groups = new Map<string, Recorded[]>();
  for (const one of answers) {
    if (!one.json || one.status < 200 || one.status > 201 || one.body === null) continue;
    const query = one.url === null ? [] : [...new URL(one.url).searchParams.keys()].sort();
    const key = [
      one.provider,
      one.endpoint,
      query.join("&"),
      one.status,
      mediaTypeOf(sampleOf(one).headers),
    ].join(" ");
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups].filter(([, group]) => group.length >= 4);
}
