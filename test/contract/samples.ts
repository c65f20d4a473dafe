import { judge, type Sample } from "../../src/contract/judge.ts";
import { recordContract } from "../../src/contract/record.ts";
import { formatContract, parseContract, type StoredContract } from "../../src/contract/store.ts";

/** A JSON answer with status 200. */
export function answer(
  value: unknown,
  given: { status?: number; headers?: Record<string, string> } = {},
): Sample {
  return {
    status: given.status ?? 200,
    headers: { "content-type": "application/json", ...given.headers },
    body: { kind: "json", value, text: JSON.stringify(value) },
  };
}

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** The contract of answers with these bodies, as it comes back from its file. */
export function contractOf(values: readonly unknown[]): StoredContract {
  const contract = recordContract(
    values.map((value) => answer(value)),
    { request: "GET /things", title: "things" },
  );
  return parseContract(formatContract(contract));
}

/** `error property-removed $.email`, one line for each finding, sorted. */
export function verdicts(recorded: readonly unknown[], live: readonly unknown[]): string[] {
  const findings = judge({ contract: contractOf(recorded), samples: live.map((value) => answer(value)) });
  return findings
    .map(({ severity, rule, path }) => `${severity} ${rule.replace("contract/", "")} ${path}`)
    .sort();
}

/** A small generator of numbers that are the same in every run (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
