import type { Note, Source } from "../shape.ts";
import { type Said, said } from "./changes.ts";

/** The day of the comparison and how long a deprecated thing must stay. */
export interface Calendar {
  /** ISO date, `2026-11-22`. */
  today: string;
  /** Days between the announcement of an end and the end. */
  graceDays: number;
}

/** What has a life: an operation or a parameter. */
export interface Living {
  note: Note | undefined;
  place: Source;
}

const DAY = 86_400_000;
const LEVELS = ["draft", "alpha", "beta", "stable"];

/** Milliseconds of an RFC 3339 date or date-time; `undefined` for anything else. */
function dateOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d(?:[Tt ].*)?$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

function isTooSoon(sunset: string, { today, graceDays }: Calendar): boolean {
  const end = dateOf(sunset);
  const now = dateOf(today);
  return end !== undefined && now !== undefined && end - now < graceDays * DAY;
}

/** What is said of something that is gone: whether that was announced, and for when. */
export function removals(
  thing: "endpoint" | "parameter",
  note: Note | undefined,
  { today }: Calendar,
  at: Pick<Said, "direction" | "source"> & Partial<Said>,
): Said[] {
  const report = (rule: string): Said =>
    said({ rule: `contract/${thing}-${rule}`, effect: "changed", breaks: true, ...at });
  if (note?.deprecated !== true) return [report("removed")];
  const { sunset } = note;
  const [end, now] = [sunset === undefined ? undefined : dateOf(sunset), dateOf(today)];
  if (end !== undefined && now !== undefined && end > now) return [report("removed-before-sunset")];
  const gone = report("removed-after-deprecation");
  // Whether it came too early nobody can tell.
  return sunset !== undefined && end === undefined
    ? [gone, said({ rule: "contract/sunset-invalid", before: sunset, ...at })]
    : [gone];
}

type Report = (given: Pick<Said, "rule"> & Partial<Said>) => void;

/** What changed in the life of an operation or a parameter that both documents have. */
export function compareLives(
  thing: "endpoint" | "parameter",
  before: Living,
  after: Living,
  context: { calendar: Calendar; direction: Said["direction"]; where: string },
): Said[] {
  const found: Said[] = [];
  const { direction, where, calendar } = context;
  const source = { before: before.place, after: after.place };
  const report: Report = (given) => found.push(said({ direction, where, source, ...given }));
  const a = before.note ?? {};
  const b = after.note ?? {};
  if (a.deprecated !== true && b.deprecated === true) newlyDeprecated(thing, b, calendar, report);
  else if (a.deprecated === true && b.deprecated !== true) report({ rule: `contract/${thing}-reactivated` });
  else if (a.deprecated === true) compareSunsets(a.sunset, b.sunset, calendar, report);
  compareStability(a.stability, b.stability, report);
  return found;
}

function newlyDeprecated(thing: string, { sunset }: Note, calendar: Calendar, report: Report): void {
  report({
    rule: `contract/${thing}-deprecated`,
    after: sunset === undefined ? "deprecated" : `deprecated, sunset ${sunset}`,
  });
  if (sunset === undefined) report({ rule: "contract/sunset-missing" });
  else if (dateOf(sunset) === undefined) report({ rule: "contract/sunset-invalid", after: sunset });
  else if (isTooSoon(sunset, calendar))
    report({ rule: "contract/sunset-too-soon", effect: "changed", after: sunset });
}

function compareSunsets(
  a: string | undefined,
  b: string | undefined,
  calendar: Calendar,
  report: Report,
): void {
  if (a === b) return;
  if (b === undefined) report({ rule: "contract/sunset-removed", before: a ?? "" });
  else if (dateOf(b) === undefined) report({ rule: "contract/sunset-invalid", after: b });
  else if (isTooSoon(b, calendar) && (a === undefined || (dateOf(a) ?? 0) > (dateOf(b) ?? 0))) {
    report({ rule: "contract/sunset-too-soon", effect: "changed", before: a ?? "none", after: b });
  } else report({ rule: "contract/sunset-changed", before: a ?? "none", after: b });
}

function compareStability(a: string | undefined, b: string | undefined, report: Report): void {
  if (a === b) return;
  if (b !== undefined && !LEVELS.includes(b)) {
    report({ rule: "contract/stability-invalid", after: b });
    return;
  }
  // Who says nothing promises what is usual.
  const level = (text: string | undefined) => LEVELS.indexOf(text ?? "stable");
  const lower = level(b) < level(a);
  report({
    rule: lower ? "contract/stability-decreased" : "contract/stability-increased",
    effect: lower ? "changed" : "note",
    before: a ?? "none",
    after: b ?? "none",
  });
}
