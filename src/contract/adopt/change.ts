import { merge } from "../merge.ts";
import { ANY, isMap, type ObjectFacet, type Property, type Shape, shapeOf, stringFacet } from "../shape.ts";

/** What live values say of the same place; undefined where none came. */
export type Live = Shape | undefined;

/** A node with one thing of the live side taken over. */
export type Change = (node: Shape, live: Live) => Shape;

const copy = (shape: Shape, given: Partial<Omit<Shape, "id">>): Shape => {
  const { id: _own, ...rest } = shape;
  return shapeOf({ ...rest, ...given });
};

/** Everything that either side has; what was unknown is what is known now. */
export const widen: Change = (node, live) =>
  live === undefined ? node : node === ANY ? live : merge(node, live);

/** The live side in place of the recorded one. */
export const replace: Change = (node, live) => live ?? node;

/** One more known value, as JSON text; any string where the value is not shown. */
export function addMember(after: unknown): Change {
  const value: unknown = typeof after === "string" ? JSON.parse(after) : undefined;
  return (node) =>
    copy(node, {
      strings: node.strings.map((facet) => {
        if (facet.enum === undefined) return facet;
        return typeof value === "string"
          ? { ...facet, enum: new Set([...facet.enum, value].sort()) }
          : stringFacet();
      }),
    });
}

/** Null is fine from now on, as often as it came live. */
export const allowNull: Change = (node, live) => {
  const { seen } = node;
  const share = live?.seen && live.seen.count > 0 ? live.seen.null / live.seen.count : 0.5;
  if (seen === undefined) return copy(node, { null: true });
  const nulls = Math.min(seen.count, Math.max(1, Math.round(seen.count * share)));
  // They come on top: what was counted of the other values stays true.
  return copy(node, { null: true, seen: { ...seen, null: seen.null + nulls, count: seen.count + nulls } });
};

/** Fractions are fine from now on. */
export const allowFractions: Change = (node, live) =>
  copy(node, {
    numbers: node.numbers.map((facet) => ({ ...facet, integer: false })),
    seen: live?.seen ?? node.seen,
  });

function mapObjects(node: Shape, change: (facet: ObjectFacet) => ObjectFacet): Shape {
  return copy(node, { objects: node.objects.map(change) });
}

/** The property is not expected any more. */
export const removeProperty =
  (name: string): Change =>
  (node) =>
    mapObjects(node, (facet) => {
      if (!facet.properties.has(name)) return facet;
      const properties = new Map(facet.properties);
      properties.delete(name);
      return { ...facet, properties };
    });

/** The property may be missing, as often as it was missing live. */
export const makeOptional =
  (name: string): Change =>
  (node, live) =>
    mapObjects(node, (facet) => {
      const property = facet.properties.get(name);
      if (property === undefined) return facet;
      const properties = new Map(facet.properties);
      properties.set(name, { ...property, required: false, shape: thinned(property, facet, live, name) });
      return { ...facet, properties };
    });

/** The property's counts, as if it had been there as often as it is live. */
function thinned(property: Property, facet: ObjectFacet, live: Live, name: string): Shape {
  const { seen } = property.shape;
  const [now] = live?.objects ?? [];
  if (seen === undefined || facet.count === undefined || now?.count === undefined) return property.shape;
  const share = (now.properties.get(name)?.shape.seen?.count ?? 0) / now.count;
  const count = Math.min(facet.count - 1, Math.round(facet.count * share));
  const scale = seen.count === 0 ? 0 : Math.max(0, count) / seen.count;
  const scaled = { ...seen };
  for (const kind of [
    "count",
    "responses",
    "null",
    "boolean",
    "integer",
    "float",
    "string",
    "array",
    "object",
    "emptyArrays",
  ] as const) {
    scaled[kind] = Math.round(seen[kind] * scale);
  }
  return copy(property.shape, { seen: scaled });
}

/** A live property that the contract does not have; required where every live object has it and the contract can know. */
export const addProperty =
  (name: string): Change =>
  (node, live) =>
    mapObjects(node, (facet) => {
      const source = live?.objects.find(
        ({ variant, properties }) =>
          properties.has(name) && (variant === facet.variant || live.objects.length === 1),
      );
      const property = source?.properties.get(name);
      if (property === undefined || facet.properties.has(name)) return facet;
      const properties = new Map(facet.properties);
      properties.set(name, property);
      return { ...facet, properties };
    });

/** A known place below a node, changed; the node itself where there is no such place. */
export function changeItems(node: Shape, change: (items: Shape) => Shape): Shape {
  return copy(node, {
    arrays: node.arrays.map((facet) => ({ ...facet, items: change(facet.items) })),
  });
}

/** The keys of maps look as they do now. */
export const changeKeys: Change = (node, live) =>
  mapObjects(node, (facet) => {
    const now = live?.objects.find(({ variant }) => variant === facet.variant);
    return isMap(facet) && now ? { ...facet, keys: now.keys } : facet;
  });

export function changeMembers(node: Shape, change: (members: Shape) => Shape): Shape {
  return mapObjects(node, (facet) =>
    facet.additional === ANY ? facet : { ...facet, additional: change(facet.additional) },
  );
}

export function changeProperty(
  node: Shape,
  name: string,
  change: (shape: Shape, variant: string | undefined) => Shape,
): Shape {
  return mapObjects(node, (facet) => {
    const property = facet.properties.get(name);
    if (property === undefined) return facet;
    const properties = new Map(facet.properties);
    properties.set(name, { ...property, shape: change(property.shape, facet.variant) });
    return { ...facet, properties };
  });
}
