import { breaksIn, type Change, type Direction, type LocalChange, type Step } from "./change.ts";
import type { Pair } from "./pair.ts";
import { itemPath, memberPath, propertyPath } from "./path.ts";

/** The same pair is listed at so many places at most. */
const PLACES = 20;
/** Levels of one path; a cycle is not gone round. */
const DEPTH = 200;

/** The changes of a graph of pairs, each at its paths, in the order of the schemas. Parts without a change are not walked. */
export function listChanges(root: Pair, path: string, direction: Direction): Change[] {
  const dirty = pairsWithChanges(root);
  const changes: Change[] = [];
  const visits = new Map<Pair, number>();
  const onPath = new Set<Pair>();
  const visit = (pair: Pair, at: string, keyword: string | undefined): void => {
    const times = visits.get(pair) ?? 0;
    if (!dirty.has(pair) || onPath.has(pair) || times >= PLACES || onPath.size >= DEPTH) return;
    visits.set(pair, times + 1);
    onPath.add(pair);
    const tell = (change: LocalChange) =>
      changes.push(toChange(within(keyword, change), pair, at, direction));
    for (const change of pair.local) tell(change);
    for (const { step, pair: next } of pair.below) {
      if (step.kind !== "opposite") visit(next, stepPath(at, step), keywordOf(step) ?? keyword);
      else if (dirty.has(next)) tell(insideOf(step.keyword));
    }
    onPath.delete(pair);
  };
  visit(root, path, undefined);
  return changes;
}

/** The keyword that a step leads through, where the path does not show it. */
export function keywordOf(step: Step): string | undefined {
  if (step.kind === "key") return "propertyNames";
  return step.kind === "item" || step.kind === "self" ? step.keyword : undefined;
}

/** The change, said to be about what the keyword says: of names, of some items, under a condition. */
export function within(keyword: string | undefined, change: LocalChange): LocalChange {
  return keyword === undefined || change.variant !== undefined ? change : { ...change, variant: keyword };
}

/** What changed below `not` has the opposite sense, below `if` any: it is only said that something did. */
export function insideOf(keyword: string): LocalChange {
  return { rule: "contract/constraint-changed", effect: "changed", before: keyword, after: keyword };
}

/** Pairs from which a change can be reached, found from the changes backward. */
export function pairsWithChanges(root: Pair): Set<Pair> {
  const above = new Map<Pair, Pair[]>();
  const all = [root];
  const seen = new Set(all);
  for (let index = 0; index < all.length; index++) {
    const pair = all[index];
    for (const { pair: next } of pair?.below ?? []) {
      if (!pair) continue;
      const parents = above.get(next);
      if (parents) parents.push(pair);
      else above.set(next, [pair]);
      if (!seen.has(next)) {
        seen.add(next);
        all.push(next);
      }
    }
  }
  const dirty = new Set(all.filter(({ local }) => local.length > 0));
  const queue = [...dirty];
  for (let pair = queue.pop(); pair !== undefined; pair = queue.pop()) {
    for (const parent of above.get(pair) ?? []) {
      if (dirty.has(parent)) continue;
      dirty.add(parent);
      queue.push(parent);
    }
  }
  return dirty;
}

export function toChange(change: LocalChange, pair: Pair, at: string, direction: Direction): Change {
  const { rule, effect, before, after, variant, step } = change;
  const { source: old } = pair.before;
  const { source: fresh } = pair.after;
  return {
    rule,
    path: step ? stepPath(at, step) : at,
    effect,
    breaks: breaksIn(effect, direction),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(variant === undefined ? {} : { variant }),
    ...(old || fresh ? { source: { before: old, after: fresh } } : {}),
  };
}

export function stepPath(at: string, step: Step): string {
  switch (step.kind) {
    case "property":
      return propertyPath(at, step.name);
    case "item":
      return itemPath(at);
    case "position":
      return `${at}[${step.index}]`;
    case "member":
      return memberPath(at);
    default:
      return at;
  }
}
