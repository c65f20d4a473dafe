import { finish } from "../infer/finish.ts";
import { describeShape } from "../shape/describe.ts";
import { kindsOf, type Shape } from "../shape.ts";
import { evidenceFor, levelOf, PARTIAL, RETYPED, recordedIn, TOTAL } from "./counts.ts";
import { assessNewUnsafe } from "./numbers.ts";
import { type Book, label, type Place } from "./place.ts";
import type { Level } from "./suspicion.ts";
import type { Watch } from "./watch.ts";

const NESTED: ReadonlySet<string> = new Set(["array", "object"]);

/** Values of kinds that the contract does not have: a type changed, was added, or is learned where only null was known. */
export function assessKinds(watch: Watch, place: Place, book: Book): void {
  const { strange, shape } = watch;
  if (strange === undefined) return;
  book.tests++;
  const live = finish(strange, place.name);
  const values = watch.count - watch.nulls;
  const { seen } = shape;
  const recorded = seen === undefined ? undefined : seen.count - seen.null;
  const total = strange.count === values;
  const evidence = evidenceFor({
    n: recorded,
    k: recorded ?? 0,
    m: values,
    x: values - strange.count,
    recordedIn: recordedIn(seen),
    liveIn: watch.responses,
    ...(total ? {} : { noIn: strange.responses }),
  });
  const before = describeShape(shape);
  const after = describeShape(live);
  const base = { path: place.path, before, after, evidence };
  if (kindsOf(shape).every((kind) => kind === "null")) {
    book.suspicions.push({
      ...base,
      rule: "contract/type-learned",
      message: `${label(place)} is ${after} now; only null was seen before`,
      level: "hint",
    });
    assessNewUnsafe(strange, { path: place.path, recorded, before: "null" }, book);
  } else if (total) {
    book.suspicions.push({
      ...base,
      rule: isEnvelope(shape, live, place) ? "contract/envelope-changed" : "contract/type-changed",
      message: `${label(place)} is ${after} now; it was ${before}`,
      level: levelOfTotal(evidence.p, shape, live, place),
    });
  } else {
    book.suspicions.push({
      ...base,
      rule: "contract/type-added",
      message: `${label(place)} is ${after} in ${strange.count} of ${values} now; it was always ${before}`,
      level: isExpandable(shape, live, place) ? "hint" : levelOf(evidence.p, PARTIAL),
      rate: true,
    });
  }
}

/** One account may see ids where another sees objects: it takes several answers to say that nobody does any more. */
const EXPANDED = { certain: PARTIAL.certain, likely: TOTAL.certain };

function levelOfTotal(p: number, before: Shape, after: Shape, place: Place): Level {
  if (isExpandable(before, after, place)) return levelOf(p, EXPANDED);
  const nested = [...kindsOf(before), ...kindsOf(after)].some((kind) => NESTED.has(kind));
  return levelOf(p, nested ? TOTAL : RETYPED);
}

/** An id in place of the object it names, or the other way round: one account has this, another has that. No body is an id. */
function isExpandable(a: Shape, b: Shape, { depth }: Place): boolean {
  if (depth === 0) return false;
  return isReference(a) ? hasId(b) : isReference(b) && hasId(a);
}

function isReference(shape: Shape): boolean {
  return kindsOf(shape).every((kind) => kind === "string" || kind === "number" || kind === "null");
}

function hasId(shape: Shape): boolean {
  return shape.objects.length > 0 && shape.objects.every(({ properties }) => properties.has("id"));
}

function isEnvelope(before: Shape, after: Shape, { path }: Place): boolean {
  const changed = (kind: "arrays" | "objects") => before[kind].length > 0 !== after[kind].length > 0;
  return path === "$" || (changed("arrays") && changed("objects"));
}
