import { suggest } from "../../base/suggest.ts";
import { propertyPath } from "../compare/path.ts";
import { finish } from "../infer/finish.ts";
import { bestFormat } from "../infer/formats.ts";
import type { Tally } from "../infer/tally.ts";
import { kindsOf, type ObjectFacet, type Shape } from "../shape.ts";
import type { Suspicion } from "./suspicion.ts";
import type { ObjectWatch } from "./watch.ts";

interface Candidates {
  /** Properties that are gone, by name. */
  gone: ReadonlyMap<string, Suspicion>;
  /** Properties that are new, by name. */
  strangers: ReadonlyMap<string, Tally>;
  facet: ObjectFacet;
  path: string;
  object: ObjectWatch;
}

interface Paired {
  /** What replaces the suspicion that a property is gone. */
  renamed: ReadonlyMap<Suspicion, Suspicion>;
  /** New properties that are no renamed ones. */
  added: ReadonlyMap<string, Tally>;
}

/**
 * Finds properties that only changed their name: one is gone, one is new in every object, both read the same, and either
 * no other pair is possible (of properties that were always there) or the names are alike.
 */
export function pairRenames({ gone, strangers, facet, path, object }: Candidates): Paired {
  const renamed = new Map<Suspicion, Suspicion>();
  const added = new Map(strangers);
  for (const [name, suspicion] of gone) {
    const shape = facet.properties.get(name)?.shape;
    if (shape === undefined) continue;
    const alike = [...added]
      .filter(([, tally]) => tally.count === object.count && readsLike(shape, tally))
      .map(([other]) => other);
    const rivals = [...gone.values()].filter(({ before }) => before === suspicion.before).length;
    const always = suspicion.rule === "contract/property-removed";
    const only = always && alike.length === 1 && rivals === 1 ? alike[0] : undefined;
    const to = only ?? sameWords(name, alike) ?? suggest(name, alike);
    if (to === undefined) continue;
    added.delete(to);
    const target = propertyPath(path, to);
    renamed.set(suspicion, {
      ...suspicion,
      rule: "contract/property-renamed",
      message: `${suspicion.path} is gone and ${target} is new, of the same type: renamed?`,
      before: name,
      after: to,
    });
  }
  return { renamed, added };
}

/** Whether new values read like what is gone: the same kinds, and the same look where strings have one. */
function readsLike(shape: Shape, tally: Tally): boolean {
  const live = finish(tally);
  const kinds = (one: Shape) => kindsOf(one).filter((kind) => kind !== "null");
  if (kinds(shape).join() !== kinds(live).join()) return false;
  const [facet] = shape.strings;
  if (facet === undefined || tally.strings === undefined) return alikeObjects(shape, live);
  const { prefix, formats } = tally.strings;
  const looks = bestFormat(formats);
  const pattern = typeof prefix === "string" ? `^${prefix}` : looks?.pattern;
  if (facet.enum) return [...(tally.strings.values?.keys() ?? [])].some((value) => facet.enum?.has(value));
  if (facet.format === undefined && facet.patterns.length === 0) return true;
  return facet.format === looks?.format && (facet.patterns[0] === undefined || facet.patterns[0] === pattern);
}

/** Objects read alike when they share half of their names. */
function alikeObjects(a: Shape, b: Shape): boolean {
  const [one] = a.objects;
  const [other] = b.objects;
  if (one === undefined || other === undefined) return true;
  const names = new Set([...one.properties.keys(), ...other.properties.keys()]);
  const shared = [...one.properties.keys()].filter((name) => other.properties.has(name)).length;
  return shared * 2 >= names.size;
}

/** `created_at` and `createdAt`, `user` and `user_id`: the same words, or all of one within the other. */
function sameWords(name: string, others: readonly string[]): string | undefined {
  const own = words(name);
  return others.find((other) => {
    const theirs = words(other);
    return own.every((word) => theirs.includes(word)) || theirs.every((word) => own.includes(word));
  });
}

function words(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}
