import { describe, expect, test } from "vitest";
import { judge } from "../../src/contract/judge.ts";
import { recordContract } from "../../src/contract/record.ts";
import { answer, times } from "./samples.ts";

/** Binomial coefficient, exactly. */
function choose(n: number, k: number): number {
  let product = 1n;
  for (let i = 1; i <= k; i++) product = (product * BigInt(n - k + i)) / BigInt(i);
  return Number(product);
}

/** Without the property where it is undefined. */
const bodyOf = (id: number, it: unknown) => (it === undefined ? { id } : { id, it });

type Recorded = (index: number) => unknown;

/** What is said of `$.it` where `n` recorded answers had one value and `m` live ones another, in all but `x` of them. */
function said({
  before,
  after,
  n,
  m,
  x = 0,
}: {
  before: Recorded;
  after: Recorded;
  n: number;
  m: number;
  x?: number;
}) {
  const contract = recordContract(
    times(n, (index) => answer(bodyOf(index, before(index)))),
    { request: "GET /", title: "evidence" },
  );
  const live = times(m, (index) => answer(bodyOf(index, index < x ? before(index) : after(index))));
  const found = judge({ contract, samples: live }).filter(({ path }) => path === "$.it");
  return found.map(({ severity, evidence }) => ({ severity, evidence }));
}

const ABSENT = () => undefined;
const PAST = [() => true, ABSENT] as const;
const NULL = [() => true, () => null] as const;
const NESTED = [() => ({ a: 1 }), () => [1]] as const;
const SCALAR = [() => true, () => 7] as const;

/** The limits of docs/contracts.md, from both sides: how grave it is where `n` were recorded and `m` are live. */
describe.each([
  ["gone", PAST, 19, 2, "error"],
  ["gone", PAST, 18, 2, "warning"],
  ["gone", PAST, 4, 1, "warning"],
  ["gone", PAST, 3, 1, "info"],
  ["null", NULL, 19, 2, "error"],
  ["null", NULL, 18, 2, "warning"],
  ["null", NULL, 9, 1, "warning"],
  ["null", NULL, 8, 1, "info"],
  ["another nested type", NESTED, 19, 2, "error"],
  ["another nested type", NESTED, 9, 1, "warning"],
  ["another nested type", NESTED, 8, 1, "info"],
  ["another scalar", SCALAR, 20, 1, "error"],
  ["another scalar", SCALAR, 19, 1, "warning"],
  ["another scalar", SCALAR, 1, 1, "warning"],
] as const)("all had it and none has it: %s", (_, [before, after], n, m, severity) => {
  test(`${n} recorded, ${m} live: ${severity}`, () => {
    const p = Number((1 / choose(n + m, m)).toPrecision(2));
    const thin = n < 30 ? { thin: true } : {};
    expect(said({ before, after, n, m })).toEqual([{ severity, evidence: { n, k: n, m, x: 0, p, ...thin } }]);
  });
});

describe.each([
  ["missing", PAST],
  ["null", NULL],
  ["of another type", SCALAR],
] as const)("all had it and some have it: %s", (_, [before, after]) => {
  test.each([
    [100, 10, 6, "error"],
    [100, 10, 7, "warning"],
    [100, 10, 8, "info"],
  ])("%d recorded, %d live, %d as ever: %s", (n, m, x, severity) => {
    const p = Number((choose(m, x) / choose(n + m, m - x)).toPrecision(2));
    const [found] = said({ before, after, n, m, x });
    expect(found).toMatchObject({ severity, evidence: { n, k: n, m, p } });
    expect(found?.evidence).not.toHaveProperty("thin");
  });
});

test("the more places are compared, the more a rate must show", () => {
  const names = Array.from({ length: 200 }, (_, index) => `p${index}`);
  const full = Object.fromEntries(names.map((name) => [name, true]));
  const contract = recordContract(
    times(100, () => answer({ ...full, it: true })),
    { request: "GET /", title: "evidence" },
  );
  // Each of the others is missing once, by chance; `it` in three of ten, which alone would be a warning.
  const live = times(10, (index) => {
    const own = Object.fromEntries(names.filter((_, at) => at % 10 !== index).map((name) => [name, true]));
    return answer(index < 3 ? own : { ...own, it: true });
  });
  const alarms = judge({ contract, samples: live }).filter(({ severity }) => severity !== "info");
  expect(alarms).toEqual([]);
});

test("a contract of fewer than thirty independent answers is called thin", () => {
  const [few] = said({ before: () => true, after: ABSENT, n: 29, m: 5 });
  const [enough] = said({ before: () => true, after: ABSENT, n: 30, m: 5 });
  expect([few?.evidence?.thin, enough?.evidence?.thin]).toEqual([true, undefined]);
});

/** What is said of whole answers, each of them one observation: of five recorded and so many live ones. */
test.each([
  ["header-removed", times(5, () => answer({ a: 1 })), { n: 5, k: 5, m: 5, x: 0, p: 1 / choose(10, 5) }],
  ["status-changed", times(5, () => answer({ a: 1 }, { status: 202 })), { m: 5, x: 0, p: 1 / choose(10, 5) }],
  ["endpoint-gone", [answer(null, { status: 410 })], { n: 5, m: 1, x: 0, p: 1 / 6 }],
  [
    "status-changed",
    [...times(4, () => answer({ a: 1 })), answer({ a: 1 }, { status: 202 })],
    { n: 5, k: 5, m: 5, x: 4, p: 1 / 2 },
  ],
])("the probability of %s without drift is that of its answers", (rule, live, expected) => {
  const recorded = times(5, () => answer({ a: 1 }, { headers: { etag: "1" } }));
  const contract = recordContract(recorded, { request: "GET /", title: "evidence" });
  const found = judge({ contract, samples: live }).find((one) => one.rule === `contract/${rule}`);
  const { p, ...counts } = expected;
  expect(found?.evidence).toMatchObject({ ...counts, p: Number(p.toPrecision(2)), thin: true });
});

test("a property that is new is judged by how likely it is that no recorded object had it", () => {
  const contract = recordContract(
    times(9, () => answer({ a: 1 })),
    { request: "GET /", title: "evidence" },
  );
  const [found] = judge({ contract, samples: [answer({ a: 1, b: 2 })] });
  expect(found?.evidence).toMatchObject({ n: 9, k: 0, m: 1, x: 1, p: 0.1, thin: true });
});
