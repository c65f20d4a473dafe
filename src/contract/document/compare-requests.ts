import type { Operation, Parameter, RequestBody } from "./api.ts";
import { type Said, said } from "./changes.ts";
import { compareMedia } from "./compare-media.ts";
import { type Calendar, compareLives, removals } from "./lifecycle.ts";
import type { Both } from "./reading.ts";

const DIRECTION = "request" as const;

/** `query limit`, `header X-Tenant`, `path id`. */
const whereOf = ({ in: where, name }: Parameter): string => `${where} ${name}`;

/** The parameters of an operation that both documents have. */
export function compareParameters(before: Operation, after: Operation, both: Both): Said[] {
  const found: Said[] = [];
  for (const [key, old] of before.parameters) {
    const fresh = after.parameters.get(key);
    if (fresh) found.push(...compareParameter(old, fresh, both));
    else found.push(...removed(old, after, both.calendar));
  }
  for (const [key, fresh] of after.parameters) {
    if (!before.parameters.has(key)) found.push(added(fresh, before));
  }
  return found;
}

function removed(old: Parameter, { place }: Operation, calendar: Calendar): Said[] {
  const source = { before: old.place, after: place };
  return removals("parameter", old.note, calendar, { direction: DIRECTION, where: whereOf(old), source });
}

function added(fresh: Parameter, { place }: Operation): Said {
  const rule = fresh.required ? "contract/required-parameter-added" : "contract/parameter-added";
  const source = { before: place, after: fresh.place };
  return said({
    rule,
    direction: DIRECTION,
    where: whereOf(fresh),
    effect: fresh.required ? "narrowed" : "widened",
    breaks: fresh.required,
    source,
  });
}

const ALLOWANCES = [
  ["emptyAllowed", "empty-value"],
  ["reservedAllowed", "reserved"],
] as const;

function compareParameter(old: Parameter, fresh: Parameter, both: Both): Said[] {
  const where = whereOf(fresh);
  const found = compareLives("parameter", old, fresh, {
    calendar: both.calendar,
    direction: DIRECTION,
    where,
  });
  const report = (rule: string, change: Partial<Said>) =>
    found.push(
      said({
        rule,
        direction: DIRECTION,
        where,
        source: { before: old.place, after: fresh.place },
        ...change,
      }),
    );
  if (!old.required && fresh.required)
    report("contract/parameter-became-required", { effect: "narrowed", breaks: true });
  if (old.required && !fresh.required) report("contract/parameter-became-optional", { effect: "widened" });
  if (old.style !== fresh.style && (isWritten(old, fresh) || both.holdsSeveral(fresh.schema))) {
    report("contract/parameter-style-changed", {
      effect: "changed",
      breaks: true,
      before: old.style,
      after: fresh.style,
    });
  }
  for (const [word, what] of ALLOWANCES) {
    if (old[word] && !fresh[word])
      report(`contract/parameter-${what}-refused`, { effect: "narrowed", breaks: true });
    if (!old[word] && fresh[word]) report(`contract/parameter-${what}-allowed`, { effect: "widened" });
  }
  const [was, is] = [JSON.stringify(old.note?.default), JSON.stringify(fresh.note?.default)];
  if (was !== is)
    report("contract/parameter-default-changed", { before: was ?? "none", after: is ?? "none" });
  if (both.wants(DIRECTION)) both.schemas("request", where, old.schema, fresh.schema);
  return found;
}

const AS_TEXT = /^(?:path|query|header|cookie) /;
const SCALARS = /^(?:integer|number|boolean)(?: or (?:integer|number|boolean))*$/;

/**
 * A parameter is sent as text, whatever its type: one that takes any string now takes every number and truth value that it took
 * before, so nobody's requests are refused. Said of a parameter's own schema only, for a shared one may stand in bodies as well.
 */
export function asWritten<T extends Said>(change: T): T {
  const { rule, where, path, before = "", after, source } = change;
  const own = /\/parameters\//.test(source.after?.pointer ?? "");
  if (rule !== "contract/type-changed" || !AS_TEXT.test(where) || path !== "$" || !own) return change;
  if (!SCALARS.test(before) || after !== "string") return change;
  return { ...change, rule: "contract/type-added", effect: "widened", breaks: false };
}

/** Most styles are about several values; as JSON, or in a path as `.1` or `;id=1`, a single one is written differently too. */
function isWritten(old: Parameter, fresh: Parameter): boolean {
  const kind = ({ style }: Parameter) => style.replace(/, exploded$/, "");
  return kind(old) !== kind(fresh) && [old, fresh].some(({ style }) => /^(?:as |label|matrix)/.test(style));
}

/** The request bodies of an operation that both documents have. */
export function compareBodies(before: Operation, after: Operation, both: Both): Said[] {
  const { body: old } = before;
  const { body: fresh } = after;
  const where = "request body";
  const source = { before: (old ?? before).place, after: (fresh ?? after).place };
  const report = (rule: string, change: Partial<Said>): Said[] => [
    said({ rule, direction: DIRECTION, where, source, ...change }),
  ];
  if (!old && !fresh) return [];
  if (!old || !fresh) {
    if (!fresh) return report("contract/request-body-removed", { effect: "narrowed", breaks: true });
    return fresh.required
      ? report("contract/required-request-body-added", { effect: "narrowed", breaks: true })
      : report("contract/request-body-added", { effect: "widened" });
  }
  return [
    ...compareNeed(old, fresh, report),
    ...compareMedia(old.content, fresh.content, { direction: DIRECTION, where, source }, both),
  ];
}

function compareNeed(
  old: RequestBody,
  fresh: RequestBody,
  report: (rule: string, change: Partial<Said>) => Said[],
): Said[] {
  if (old.required === fresh.required) return [];
  return fresh.required
    ? report("contract/request-body-became-required", { effect: "narrowed", breaks: true })
    : report("contract/request-body-became-optional", { effect: "widened" });
}
