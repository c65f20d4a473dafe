import { compareText } from "../../base/finding.ts";
import { ANY, NEVER, type ObjectFacet, type Shape } from "../shape.ts";

/** Nodes that are written once, under `$defs`, by the name that others refer to them by. */
export type Definitions = ReadonlyMap<Shape, string>;

export const NO_DEFINITIONS: Definitions = new Map();

/**
 * The nodes of a declared shape that are written once: objects that several places lead to, or that contain themselves. What
 * was observed is a tree and has none, so that a recorded contract reads from top to bottom.
 */
export function definitionsOf(root: Shape): Definitions {
  const references = new Map<Shape, number>([[root, 1]]);
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const child of childrenOf(node)) {
      const known = references.get(child) ?? 0;
      references.set(child, known + 1);
      if (known === 0) open.push(child);
    }
  }
  const shared = [...references].filter(([node, times]) => times > 1 && isWorthAName(node));
  return named(shared.map(([node]) => node));
}

const isWorthAName = (node: Shape): boolean =>
  node.seen === undefined &&
  (node.objects.some(({ properties }) => properties.size > 0) ||
    node.arrays.some(({ items }) => items !== ANY) ||
    node.objects.some(({ additional }) => additional !== ANY && additional !== NEVER));

/** By the last word of their names, with a number where that is taken: the same document gives the same names. */
function named(nodes: readonly Shape[]): Definitions {
  const taken = new Set<string>();
  const names = new Map<Shape, string>();
  const wish = ({ name, objects }: Shape): string => {
    const last = (name ?? objects[0]?.name ?? "").split("/").at(-1) ?? "";
    return last.replaceAll(/[^A-Za-z0-9_.-]/g, "_") || "Part";
  };
  // The sort is stable: nodes of one name keep the order in which they are met.
  for (const node of nodes.toSorted((a, b) => compareText(wish(a), wish(b)))) {
    const base = wish(node);
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}_${number}`;
    taken.add(name);
    names.set(node, name);
  }
  return names;
}

function* childrenOf({ arrays, objects }: Shape): Generator<Shape> {
  for (const { items, prefix, contains } of arrays) {
    yield* prefix;
    yield items;
    for (const { shape } of contains) yield shape;
  }
  for (const facet of objects) yield* childrenOfObject(facet);
}

function* childrenOfObject({ properties, patterns, additional, keys }: ObjectFacet): Generator<Shape> {
  for (const { shape } of properties.values()) yield shape;
  for (const { shape } of patterns) yield shape;
  yield additional;
  if (keys !== undefined) yield keys;
}
