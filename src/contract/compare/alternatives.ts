import { describeShape } from "../shape/describe.ts";
import { type ObjectFacet, type Shape, shapeOf } from "../shape.ts";
import { compareObjects } from "./objects.ts";
import type { Walk } from "./pair.ts";

/** Alternatives that share less of their names than this are not taken for one another. */
const ALIKE = 0.3;

/** Pairs the alternatives of two nodes and compares the pairs: by tag, by name, by what their properties are. */
export function compareAlternatives(a: Shape, b: Shape, walk: Walk): void {
  const [before, after] = [a.objects, b.objects];
  if (before.length === 0 || after.length === 0) return;
  compareTags(a, b, walk);
  const left = new Set(after);
  const unpaired: ObjectFacet[] = [];
  for (const facet of before) {
    const other = partnerOf(facet, a, b, [...left]);
    if (other) {
      left.delete(other);
      compareObjects(facet, other, { ...walk, report: named(facet, before, walk) });
    } else unpaired.push(facet);
  }
  const [lastBefore] = unpaired;
  const [lastAfter] = left;
  const same = a.tag === undefined || a.tag !== b.tag;
  if (same && unpaired.length === 1 && left.size === 1 && lastBefore && lastAfter) {
    compareObjects(lastBefore, lastAfter, walk);
    return;
  }
  for (const facet of unpaired)
    walk.report({ rule: "contract/variant-removed", effect: "narrowed", before: callOf(facet) });
  for (const facet of left)
    walk.report({ rule: "contract/variant-added", effect: "widened", after: callOf(facet) });
}

function named(facet: ObjectFacet, all: readonly ObjectFacet[], walk: Walk): Walk["report"] {
  if (all.length === 1) return walk.report;
  const variant = callOf(facet);
  return (change) => walk.report({ variant, ...change });
}

/** How a person calls an alternative. */
function callOf(facet: ObjectFacet): string {
  if (facet.variant !== undefined) return facet.variant;
  return facet.name?.split("/").at(-1) ?? describeShape(shapeOf({ objects: [facet] }));
}

function compareTags(a: Shape, b: Shape, { report }: Walk): void {
  if (a.tag === b.tag) return;
  const rule = a.tag === undefined ? "added" : b.tag === undefined ? "removed" : "changed";
  report({
    rule: `contract/discriminator-${rule}`,
    effect: rule === "changed" ? "changed" : "note",
    before: a.tag ?? "none",
    after: b.tag ?? "none",
  });
}

function partnerOf(
  facet: ObjectFacet,
  a: Shape,
  b: Shape,
  candidates: readonly ObjectFacet[],
): ObjectFacet | undefined {
  if (a.tag !== undefined && a.tag === b.tag) {
    const values = facet.variant?.split("|") ?? [];
    return candidates.find(({ variant }) => variant?.split("|").some((value) => values.includes(value)));
  }
  if (a.objects.length === 1 && b.objects.length === 1) return candidates[0];
  const byName = candidates.find(({ name }) => name !== undefined && name === facet.name);
  return byName ?? mostAlike(facet, candidates);
}

function mostAlike(facet: ObjectFacet, candidates: readonly ObjectFacet[]): ObjectFacet | undefined {
  let best: ObjectFacet | undefined;
  let most = ALIKE;
  for (const candidate of candidates) {
    const score = likeness(facet, candidate);
    if (score > most) {
      most = score;
      best = candidate;
    }
  }
  return best;
}

/** The share of names that both have, those with another known constant counting against. */
function likeness(a: ObjectFacet, b: ObjectFacet): number {
  let shared = 0;
  for (const [name, { shape }] of a.properties) {
    const other = b.properties.get(name);
    if (other === undefined) continue;
    shared += contradict(shape, other.shape) ? -1 : 1;
  }
  const all = a.properties.size + b.properties.size - Math.abs(shared);
  return all === 0 ? 1 : shared / all;
}

function contradict(a: Shape, b: Shape): boolean {
  const [one, other] = [a.strings[0]?.enum, b.strings[0]?.enum];
  if (one?.size !== 1 || other?.size !== 1) return false;
  return ![...one].some((value) => other.has(value));
}
