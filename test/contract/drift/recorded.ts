import { mediaTypeOf } from "../../../src/contract/judge/response.ts";
import type { Json } from "../../../src/contract/shape.ts";
import { hasCorpus, type Recorded, recordedAnswers, sampleOf } from "../corpus.ts";
import { contractOf, type Pair } from "./evaluate.ts";
import { Random } from "./random.ts";

/** Answers of one endpoint of a real provider that came of requests which send the same names. */
export interface Endpoint {
  /** Provider, endpoint, names in the query and in the body, status, media type. */
  key: string;
  answers: readonly Recorded[];
}

/** Answers of status 200 or 201 with JSON, by request and media type: those with at least `least`. None without the corpus. */
export function endpointsWith(least: number): Endpoint[] {
  const groups = new Map<string, Recorded[]>();
  for (const one of hasCorpus ? recordedAnswers() : []) {
    if (!one.json || one.status < 200 || one.status > 201 || one.body === null) continue;
    const query = one.url === null ? [] : queryOf(new URL(one.url));
    const media = mediaTypeOf(sampleOf(one).headers);
    const sent = namesIn(one.request_body);
    const key = [one.provider, one.endpoint, query.join("&"), sent, one.status, media].join(" ");
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(one);
  }
  return [...groups].flatMap(([key, answers]) => (answers.length >= least ? [{ key, answers }] : []));
}

/** Names in the query; what they ask for too, where it is a kind of thing. */
function queryOf({ searchParams }: URL): string[] {
  const asked = [...searchParams].map(([name, value]) =>
    /^(?:type|fields|expand|include)/.test(name) ? `${name}=${value}` : name,
  );
  return [...new Set(asked)].sort();
}

/** What a body sends, without its values: another set of names is another request. */
function namesIn(body: Json | undefined): string {
  if (typeof body === "string")
    return [...new Set(body.split("&").map((part) => part.split("=")[0]))].sort().join("&");
  if (Array.isArray(body)) return `[${[...new Set(body.map(namesIn))].sort().join(" ")}]`;
  if (typeof body !== "object" || body === null) return "";
  const names = Object.entries(body).map(([name, inner]) => `${name}${namesIn(inner)}`);
  return `{${names.sort().join(" ")}}`;
}

/** Where the recorded APIs keep what their users put in: a name there is data. */
const MAPS = ["metadata", "credentials", "test_credentials", "files", "headers"];

/**
 * Real answers of each endpoint that has enough of them: a random part is recorded, another one, of the same time and without
 * any drift, is live. The same pairs for the same seed.
 */
export function* recordedPairs(
  sizes: { recorded: number; live: number },
  trials: number,
  seed: number,
): Generator<Pair> {
  for (const [index, { key, answers }] of endpointsWith(sizes.recorded + sizes.live).entries()) {
    for (let trial = 0; trial < trials; trial++) {
      const mixed = new Random(seed + index * 7919 + trial * 104_729).shuffled(answers);
      const bodies = mixed.map(({ body }): Json => body);
      const recorded = bodies.slice(0, sizes.recorded);
      const live = bodies.slice(sizes.recorded, sizes.recorded + sizes.live);
      yield { name: key, recorded, contract: contractOf(recorded), live, maps: MAPS };
    }
  }
}
