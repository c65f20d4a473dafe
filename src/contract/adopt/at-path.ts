import type { Shape } from "../shape.ts";
import { parsePath, type Step } from "./parse-path.ts";

/** What a shape says at a path. */
export interface PlaceInShape {
  shape: Shape;
  /** Whether it is there wherever what is around it is. */
  required: boolean;
}

function step({ arrays, objects }: Shape, next: Step): PlaceInShape | undefined {
  if (next.kind === "item") return arrays[0] && { shape: arrays[0].items, required: true };
  if (next.kind === "member") return objects[0] && { shape: objects[0].additional, required: true };
  const property = objects.find(({ properties }) => properties.has(next.name))?.properties.get(next.name);
  return property && { shape: property.shape, required: property.required };
}

/**
 * Follows a path as findings carry it, `$.data[*].email`.
 * @returns undefined where the shape has nothing there
 */
export function shapeAt(shape: Shape, path: string): PlaceInShape | undefined {
  let place: PlaceInShape | undefined = { shape, required: true };
  for (const next of parsePath(path) ?? []) place = place && step(place.shape, next);
  return place;
}
