import { isMap, type ObjectFacet, type Shape } from "../../contract/shape.ts";

/**
 * How many objects deep a schema is spelled out, envelopes not counted: what is asked for, and what stands in it. A
 * provider's document leads from any object to all others (400 kB of schemas for three operations of Stripe's); our code
 * reads what is near.
 */
const DEPTH = 2;

/** A page around the things that were asked for: few properties, a list of objects among them. */
function isEnvelope({ properties }: ObjectFacet): boolean {
  const lists = [...properties.values()].some(({ shape }) =>
    shape.arrays.some(({ items }) => items.objects.length > 0),
  );
  return properties.size <= 6 && lists;
}

/**
 * The objects that are near enough to a root.
 * @param most how many objects deep
 */
export function nearObjects(roots: readonly Shape[], most = DEPTH): Set<ObjectFacet> {
  const near = new Set<ObjectFacet>();
  const seen = new Set<Shape>();
  let level: Shape[] = [...roots];
  for (let depth = 1; depth <= most; depth++) {
    const next: Shape[] = [];
    // What needs no object to be reached is as near as what it stands in.
    for (let shape = level.pop(); shape; shape = level.pop()) {
      if (seen.has(shape)) continue;
      seen.add(shape);
      level.push(...shape.arrays.map(({ items }) => items));
      for (const object of shape.objects) {
        near.add(object);
        if (isMap(object)) level.push(object.additional);
        const below = depth === 1 && isEnvelope(object) ? level : next;
        below.push(...[...object.properties.values()].map((property) => property.shape));
      }
    }
    level = next;
  }
  return near;
}
