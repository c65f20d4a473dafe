import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import type { Sample } from "../../src/contract/judge.ts";
import type { Json } from "../../src/contract/shape.ts";

/**
 * Recorded real traffic. It lies beside the project on CI and on developers' machines, and is absent elsewhere. Benchmarks bundle
 * this file to another place, and run in the project.
 */
const PLACES = [
  new URL("../../../shared/data/", import.meta.url),
  pathToFileURL(`${resolve("../shared/data")}/`),
];
const FOUND = PLACES.find((place) => existsSync(place));
const DIRECTORY = FOUND === undefined ? "" : fileURLToPath(FOUND);

export const hasCorpus = FOUND !== undefined;

interface Answer {
  status: number;
  headers: Readonly<Record<string, string | string[]>>;
  body: Json;
}

export interface Recorded extends Answer {
  provider: string;
  method: string;
  url: string | null;
  endpoint: string;
  json: boolean;
  request_body?: Json;
}

/** The same request of a real provider at two times, and what a plain structural compare says. */
export interface Redone {
  provider: string;
  endpoint: string;
  class: "removed" | "type" | "added" | "null-flip" | "same-shape";
  old: Answer & { recorded_on: string };
  new: Answer & { recorded_on: string };
  removed: string[];
  added: string[];
  type_changed: [path: string, before: string[], after: string[]][];
}

function* lines(folder: string): Generator<unknown> {
  for (const file of readdirSync(`${DIRECTORY}${folder}`).sort()) {
    const text = gunzipSync(readFileSync(`${DIRECTORY}${folder}/${file}`)).toString("utf8");
    for (const line of text.split("\n")) if (line !== "") yield JSON.parse(line);
  }
}

let recorded: Recorded[] | undefined;

/** Read once: unpacking takes as long as judging them. */
export function recordedAnswers(): readonly Recorded[] {
  recorded ??= [...lines("responses")] as Recorded[];
  return recorded;
}

export const redoneAnswers = (): Redone[] => [...lines("drift")] as Redone[];

export function sampleOf({ status, headers, body }: Answer): Sample {
  const flat = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")]);
  return {
    status,
    headers: Object.fromEntries(flat),
    body: { kind: "json", value: body, text: JSON.stringify(body) },
  };
}
