import { propertyPath } from "../compare/path.ts";
import { finish } from "../infer/finish.ts";
import { describeShape } from "../shape/describe.ts";
import type { Property } from "../shape.ts";
import { ABSENT, evidenceFor, evidenceOfNew, levelOf, PARTIAL, recordedIn, TOTAL } from "./counts.ts";
import { assessNewUnsafe } from "./numbers.ts";
import { cursorLimit, isPage } from "./pagination.ts";
import type { Book, Place } from "./place.ts";
import { pairRenames } from "./rename.ts";
import { fisher } from "./statistics.ts";
import { atMost, type Suspicion } from "./suspicion.ts";
import type { ObjectWatch, Watch } from "./watch.ts";

/** One property that the contract has, with its live counts. */
interface Presence {
  name: string;
  property: Property;
  path: string;
  around: string;
  live: number;
  object: ObjectWatch;
  node: Watch;
}

/** Which properties are gone, come only sometimes, or are new; then what is in those that are there. */
export function assessProperties(
  object: ObjectWatch,
  node: Watch,
  place: Place,
  book: Book,
  assess: (watch: Watch, place: Place, book: Book) => void,
): void {
  const { facet, properties, strangers } = object;
  const gone = new Map<string, Suspicion>();
  for (const [name, property] of facet.properties) {
    const watch = properties.get(name);
    const path = propertyPath(place.path, name);
    const live = watch?.count ?? 0;
    if (live < object.count) {
      book.tests++;
      const found = presence({ name, property, path, around: place.name, live, object, node });
      if (found && live === 0) gone.set(name, found);
      else if (found) book.suspicions.push(found);
    }
    const page = place.depth === 0 && isPage(name, facet);
    if (watch) assess(watch, { path, name, around: place.name, depth: place.depth + 1, page }, book);
  }
  if (gone.size > 0 || strangers.size > 0) assessNames(gone, object, node, place, book);
}

/** Which of the properties that are gone have a new name, and which of the new ones are no more than that. */
function assessNames(
  gone: ReadonlyMap<string, Suspicion>,
  object: ObjectWatch,
  node: Watch,
  place: Place,
  book: Book,
): void {
  const { facet, strangers } = object;
  const { renamed, added } = pairRenames({ gone, strangers, facet, path: place.path, object });
  book.suspicions.push(...[...gone.values()].filter((one) => !renamed.has(one)), ...renamed.values());
  for (const [name, tally] of added) {
    const after = describeShape(finish(tally, name));
    book.suspicions.push({
      rule: "contract/property-added",
      path: propertyPath(place.path, name),
      message: `${propertyPath(place.path, name)} is new: ${after}`,
      level: "hint",
      after,
      evidence: evidenceOfNew({
        n: facet.count,
        m: object.count,
        x: tally.count,
        recordedIn: recordedIn(node.shape.seen),
        liveIn: node.responses,
      }),
    });
    assessNewUnsafe(tally, { path: propertyPath(place.path, name), recorded: facet.count }, book);
  }
}

/** Whether a property that is missing at least once is missing for a reason. */
function presence(at: Presence): Suspicion | undefined {
  const { name, property, path, live, object, node } = at;
  const { facet, count } = object;
  const before = describeShape(property.shape);
  const recorded = recordedOf(property, facet.count);
  if (facet.count === undefined || recorded === undefined) {
    if (!property.required) return undefined;
    return absent(path, before, live, count, { m: count, x: live, p: 0 }, "certain");
  }
  const missing = object.missing.get(name);
  const evidence = evidenceFor({
    n: facet.count,
    k: recorded,
    m: count,
    x: live,
    recordedIn: recordedIn(node.shape.seen),
    liveIn: node.responses,
    ...(missing !== undefined && live > 0 ? { noIn: missing.responses } : {}),
  });
  if (property.required) {
    const total = live === 0;
    const level = atMost(levelOf(evidence.p, total ? ABSENT : PARTIAL), cursorLimit(at, total));
    const found = absent(path, before, live, count, evidence, level);
    return total ? found : { ...found, rate: true };
  }
  if (live > 0 || cursorLimit(at, true) !== "certain" || evidence.p >= PARTIAL.certain) return undefined;
  if (chancePerAnswer(at) >= TOTAL.certain) return undefined;
  const share = Math.round((100 * recorded) / facet.count);
  return {
    rule: "contract/optional-property-removed",
    path,
    message: `${path} is gone; ${share} % of the recorded ones had it`,
    level: "certain",
    before,
    evidence,
    rate: true,
  };
}

/** In how many recorded objects it was; in fewer than all, where it is optional. */
function recordedOf({ required, shape }: Property, objects: number | undefined): number | undefined {
  if (required || objects === undefined || shape.seen === undefined) return required ? objects : undefined;
  return Math.min(shape.seen.count, objects - 1);
}

/**
 * The probability that none of the live answers has the property in any object, if nothing changed, taking each answer as one
 * observation: what is there for all objects of one account and for none of another's says no more than that.
 */
function chancePerAnswer({ property, node }: Presence): number {
  const k = recordedIn(property.shape.seen);
  return fisher({ n: recordedIn(node.shape.seen), k, m: node.responses, x: 0 });
}

function absent(
  path: string,
  before: string,
  live: number,
  count: number,
  evidence: Suspicion["evidence"],
  level: Suspicion["level"],
): Suspicion {
  if (live === 0) {
    return { rule: "contract/property-removed", path, message: `${path} is gone`, level, before, evidence };
  }
  return {
    rule: "contract/property-became-optional",
    path,
    message: `${path} is missing in ${count - live} of ${count} now; it was always there`,
    level,
    before: "always there",
    after: `in ${live} of ${count}`,
    evidence,
  };
}
