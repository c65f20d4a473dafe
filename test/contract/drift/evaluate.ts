import type { Finding } from "../../../src/base/finding.ts";
import { judge, type Sample } from "../../../src/contract/judge.ts";
import { recordContract } from "../../../src/contract/record.ts";
import type { Json } from "../../../src/contract/shape.ts";
import { formatContract, parseContract, type StoredContract } from "../../../src/contract/store.ts";
import type { Api } from "./apis.ts";
import { HARMLESS } from "./harmless.ts";
import type { Mutation } from "./mutations.ts";
import type { Random } from "./random.ts";
import { objectsAt, type Place, pathOf, survey } from "./survey.ts";

/** Answers of one endpoint at two times, the second time without any drift. */
export interface Pair {
  name: string;
  recorded: readonly Json[];
  /** What was recorded of `recorded`. */
  contract: StoredContract;
  live: readonly Json[];
  maps: readonly string[];
}

/** Answers of an invented API: so many recorded, so many live, each of another account or resource. */
export function pairOf(api: Api, sizes: { recorded: number; live: number }, random: Random): Pair {
  const answers = (size: number) => Array.from({ length: size }, () => api.response(random));
  const recorded = answers(sizes.recorded);
  return {
    name: api.name,
    maps: api.maps,
    recorded,
    contract: contractOf(recorded),
    live: answers(sizes.live),
  };
}

export function sample(value: Json): Sample {
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: { kind: "json", value, text: JSON.stringify(value) },
  };
}

/** The contract of answers, read back from the text of its file: what a check works with. */
export function contractOf(answers: readonly Json[]): StoredContract {
  const about = { request: "GET /", title: "evaluation" };
  return parseContract(formatContract(recordContract(answers.map(sample), about)));
}

export const judged = (contract: StoredContract, live: readonly Json[]): Finding[] =>
  judge({ contract, samples: live.map(sample) });

/** Far faster than structuredClone, and all there is in an answer is JSON. */
const clone = <T extends Json>(value: T): T => JSON.parse(JSON.stringify(value));

export const isAlarm = ({ severity }: Finding): boolean => severity === "error" || severity === "warning";

/** What one judgement of unchanged answers said. */
export interface Quiet {
  change: string;
  alarms: readonly Finding[];
}

/** Judges the pair as it is, and under each harmless change. */
export function judgeHarmless({ contract, live }: Pair, random: Random): Quiet[] {
  return HARMLESS.map(({ name, apply }) => ({
    change: name,
    alarms: judged(
      contract,
      live.map((answer) => apply(clone(answer), random)),
    ).filter(isAlarm),
  }));
}

/** Fewer answers with the place than this may differ by chance. */
const CERTAIN_ANSWERS = 5;

/** How a drift was seen: as an error, as a warning, said without alarm, or not at all. */
export type Verdict = "error" | "warning" | "said" | "missed";

export interface Drifted {
  mutation: Mutation;
  place: Place;
  /** A break that nobody can doubt: always so in five recorded answers or more, never so in five live ones or more. */
  certain: boolean;
  verdict: Verdict;
  /** One of the rules that the mutation is about spoke, at its place. */
  exact: boolean;
  /** Rules that spoke at its place. */
  rules: ReadonlySet<string>;
  /** Alarms that are neither at the place, nor below or around it. */
  stray: readonly Finding[];
}

interface Mutated {
  place: Place;
  certain: boolean;
  live: Json[];
}

/** The live answers with one place drifted; `undefined` where the mutation has no place. */
export function mutate(pair: Pair, mutation: Mutation, random: Random): Mutated | undefined {
  const found = random.shuffled(placesFor(mutation, pair))[0];
  if (found === undefined) return undefined;
  const [place, later] = found;
  const live = clone([...pair.live]);
  for (const object of live.flatMap((answer) => objectsAt(answer, place.way.slice(0, -1)))) {
    if (Object.hasOwn(object, place.name)) mutation.apply(object, place.name, random);
  }
  const settled = Math.min(place.answers, later.answers) >= CERTAIN_ANSWERS;
  return { place, certain: mutation.certainty === "break" && settled, live };
}

/** Judges the pair with one place drifted. */
export function judgeDrifted(pair: Pair, mutation: Mutation, random: Random): Drifted | undefined {
  const mutated = mutate(pair, mutation, random);
  if (mutated === undefined) return undefined;
  const { place, certain, live } = mutated;
  const findings = judged(pair.contract, live);
  const path = pathOf(place.way);
  const near = findings.filter((one) => isNear(one.path ?? "$", path));
  return {
    mutation,
    place,
    certain,
    verdict: verdictOf(near),
    rules: new Set(near.map(({ rule }) => rule)),
    exact: near.some(({ rule }) => mutation.rules.includes(rule)),
    stray: findings.filter((one) => isAlarm(one) && !near.includes(one)),
  };
}

/** Where a mutation can strike: seen in both sets of answers, outside of maps. */
function placesFor(mutation: Mutation, pair: Pair): [recorded: Place, live: Place][] {
  return commonPlaces(pair).filter(([place, other]) =>
    mutation.applies(place, isAlways(place) && isAlways(other)),
  );
}

const surveys = new WeakMap<Pair, [recorded: Place, live: Place][]>();

function commonPlaces(pair: Pair): [recorded: Place, live: Place][] {
  const known = surveys.get(pair);
  if (known !== undefined) return known;
  const later = new Map(survey(pair.live, pair.maps).map((place) => [pathOf(place.way), place]));
  const common = survey(pair.recorded, pair.maps).flatMap((place): [Place, Place][] => {
    const other = later.get(pathOf(place.way));
    return other === undefined || place.inMap || movesThroughPages(place) ? [] : [[place, other]];
  });
  surveys.set(pair, common);
  return common;
}

/** Absent or null on the first or the last page by nature, or where the pages are. */
function movesThroughPages({ way }: Place): boolean {
  if (way.length === 1 && way[0] === "offset") return true;
  const [around, name] = way.slice(-2);
  return name !== undefined && around === "pages" && /^(?:next|prev|first|last)$/.test(name)
    ? true
    : around === "paging" && name === "next";
}

const isAlways = (place: Place): boolean => place.present === place.parents && place.nulls === 0;

/** A finding at the place itself, below it, or at the object or the union that it is in. */
function isNear(found: string, path: string): boolean {
  return found === path || isBelow(found, path) || isBelow(path, found);
}

/** `$.ab` is not below `$.a`. */
const isBelow = (path: string, above: string): boolean =>
  path.startsWith(above) && /^[.[]/.test(path.slice(above.length));

function verdictOf(findings: readonly Finding[]): Verdict {
  for (const severity of ["error", "warning"] as const) {
    if (findings.some((one) => one.severity === severity)) return severity;
  }
  return findings.length > 0 ? "said" : "missed";
}
