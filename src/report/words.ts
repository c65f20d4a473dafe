import type { Location } from "../base/errors.ts";
import { neutralize, truncate } from "../base/text.ts";

const LONGEST_VALUE = 100;

/** A value of a finding as a person reads it: text bare, the rest as compact JSON, cut to one line. */
export function valueWords(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return truncate(neutralize(text), LONGEST_VALUE);
}

/** `quotaRemaining`, `n_eff` → `quota remaining`, `n eff`. */
function keyWords(key: string): string {
  const spaced = key.replace(/([a-z\d])([A-Z])/g, "$1 $2").replace(/[_-]+/g, " ");
  return neutralize(spaced === spaced.toUpperCase() ? spaced : spaced.toLowerCase());
}

function numberWords(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return value !== 0 && Math.abs(value) < 0.001
    ? value.toExponential(1)
    : String(Number(value.toPrecision(3)));
}

function isPlace(value: unknown): value is Location {
  return (
    typeof value === "object" &&
    value !== null &&
    "file" in value &&
    typeof value.file === "string" &&
    "line" in value &&
    typeof value.line === "number" &&
    "column" in value &&
    typeof value.column === "number"
  );
}

function evidenceValue(value: unknown): string {
  if (typeof value === "number") return numberWords(value);
  if (isPlace(value)) return neutralize(`${value.file}:${value.line}`);
  if (Array.isArray(value)) return value.map(evidenceValue).join(", ");
  return valueWords(value);
}

/** The counts that drift rests on: `in 40 of 40 recorded, in 0 of 12 now, chance 4.2e-5`. */
function countWords({ n, k, m, x, p, thin }: Readonly<Record<string, unknown>>): string[] {
  return [
    ...(typeof n === "number" && typeof k === "number" ? [`in ${k} of ${n} recorded`] : []),
    ...(typeof m === "number" && typeof x === "number" ? [`in ${x} of ${m} now`] : []),
    // Where nothing was recorded there is no chance to speak of: the contract is declared.
    ...(typeof p === "number" && typeof n === "number" ? [`chance ${numberWords(p)}`] : []),
    ...(thin === true ? ["few samples"] : []),
  ];
}

const COUNTS = new Set(["n", "k", "m", "x", "p", "thin"]);

/** What our schema says of it: `Customer expects string, got nothing`; undefined where none was asked. */
export function consumerWords({
  evidence,
}: {
  evidence?: Readonly<Record<string, unknown>>;
}): string | undefined {
  return typeof evidence?.consumer === "string" ? neutralize(evidence.consumer) : undefined;
}

function placesWords(evidence: Readonly<Record<string, unknown>>, name: string): string {
  const places = evidence[name];
  const more = evidence[`${name}More`];
  const shown = Array.isArray(places) ? places.filter(isPlace).map(evidenceValue).join(", ") : "";
  return typeof more === "number" ? `${shown} and ${more} more` : shown;
}

/** The lines that read it, as the finding lists them; none where readers are not known. */
export function readerPlaces({ evidence }: { evidence?: Readonly<Record<string, unknown>> }): Location[] {
  return Array.isArray(evidence?.readBy) ? evidence.readBy.filter(isPlace) : [];
}

/**
 * Who of ours reads it: `read at src/bill.ts:12, src/mail.ts:3 and 4 more`, `passed on whole at src/api.ts:9`. Empty where
 * readers are not known.
 */
export function readerWords({ evidence }: { evidence?: Readonly<Record<string, unknown>> }): string[] {
  if (!evidence) return [];
  const reads = placesWords(evidence, "readBy");
  const passes = placesWords(evidence, "passedOnAt");
  const nobody = Array.isArray(evidence.readBy) ? ["no code reads it by name"] : [];
  return [
    ...(reads === "" ? nobody : [`read at ${reads}`]),
    ...(passes === "" ? [] : [`passed on whole at ${passes}`]),
  ];
}

/** These have words of their own. */
const READERS = new Set(["readBy", "readByMore", "passedOnAt", "passedOnAtMore"]);
const CONSUMER = new Set(["consumer", "rejected"]);

/**
 * Evidence in plain words: `in 40 of 40 recorded, in 0 of 12 now, chance 4.2e-5`; anything else as `samples 40, failed 12`.
 * Keys keep their order.
 */
export function evidenceWords(evidence: Readonly<Record<string, unknown>>): string {
  const counted = typeof evidence.m === "number" && typeof evidence.x === "number";
  const rest = Object.entries(evidence)
    .filter(([key, value]) => value !== undefined && !(counted && COUNTS.has(key)))
    .filter(([key]) => !READERS.has(key))
    .filter(([key]) => evidence.consumer === undefined || !CONSUMER.has(key))
    .map(([key, value]) => `${keyWords(key)} ${evidenceValue(value)}`);
  return [...(counted ? countWords(evidence) : []), ...rest].join(", ");
}
