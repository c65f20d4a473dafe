import { type Finding, finding } from "../../base/finding.ts";
import { plural } from "../../base/text.ts";
import { hasLongRun } from "../judge/exact.ts";
import { judge, type Sample } from "../judge.ts";
import { recordContract } from "../record.ts";
import type { RuleSettings } from "./findings.ts";
import { type HarEntry, readHar } from "./har.ts";
import type { LoadedDocument } from "./load.ts";

/** A body that was taken from a file. */
const sampleOf = (value: unknown, text = ""): Sample => ({ body: { kind: "json", value, text } });

/** The samples of a file: one for each line of NDJSON, else one. */
export function samplesOf(document: LoadedDocument): Sample[] {
  const { root, format } = document;
  const texts = textsOf(document);
  return format === "ndjson" && Array.isArray(root)
    ? root.map((value, index) => sampleOf(value, texts[index]))
    : [sampleOf(root, texts[0])];
}

/** The texts of samples, where they hold integers that may not be what they were read as; a large file is not held twice else. */
function textsOf({ format, bytes }: LoadedDocument): string[] {
  if (format === "yaml" || !hasLongRun(bytes.toString("latin1"))) return [];
  const text = bytes.toString("utf8");
  return format === "ndjson" ? text.split("\n").filter((line) => /[^ \t\r]/.test(line)) : [text];
}

/** Drift between two files of samples, by evidence: the old ones are the contract, the new ones what is judged. */
export function compareSamples(
  before: LoadedDocument,
  after: LoadedDocument,
  rules: RuleSettings,
): Finding[] {
  const contract = recordContract(samplesOf(before), { request: "", title: "" });
  return judge({ contract, samples: samplesOf(after), rules });
}

export interface HarComparison {
  findings: Finding[];
  endpoints: { before: number; after: number; compared: number };
}

/** Drift between two HAR recordings, endpoint by endpoint. What only one of them called says nothing about the API. */
export function compareHars(
  before: LoadedDocument,
  after: LoadedDocument,
  rules: RuleSettings,
): HarComparison {
  const old = byEndpoint(exchangesOf(before));
  const fresh = byEndpoint(exchangesOf(after));
  const findings: Finding[] = [];
  let compared = 0;
  for (const [endpoint, samples] of old) {
    const now = fresh.get(endpoint);
    if (!now) continue;
    compared++;
    const contract = recordContract(samples, { request: endpoint, title: "" });
    for (const one of judge({ contract, samples: now, rules })) findings.push(about(endpoint, one));
  }
  if (compared === 0) findings.push(NOTHING_IN_COMMON);
  return { findings, endpoints: { before: old.size, after: fresh.size, compared } };
}

/** What was left out is told as a problem of the file: nobody should take a part of a recording for the whole. */
function exchangesOf({ root, name, problems }: LoadedDocument): HarEntry[] {
  const { entries, total } = readHar(root);
  const lost = total - entries.length;
  if (lost > 0) {
    const message = `${lost} of ${plural(total, "entry", "entries")} left out: no method, URL or status, or no answer`;
    problems.add("document/har-entries", message, { file: name, pointer: "/log/entries" });
  }
  return entries;
}

/** Silence would read as "nothing changed". */
const NOTHING_IN_COMMON = finding({
  rule: "contract/not-judged",
  severity: "inconclusive",
  message: "The two recordings have no endpoint in common",
  help: "Record the same requests again; hosts, methods and paths are compared, ids in paths are not",
});

/** The same finding, as one about this endpoint. */
function about(endpoint: string, { fingerprint, ...parts }: Finding): Finding {
  return finding({ ...parts, endpoint }, fingerprint);
}

function byEndpoint(entries: readonly HarEntry[]): Map<string, Sample[]> {
  const endpoints = new Map<string, Sample[]>();
  for (const { endpoint, sample } of entries) {
    const known = endpoints.get(endpoint);
    if (known) known.push(sample);
    else endpoints.set(endpoint, [sample]);
  }
  return endpoints;
}
