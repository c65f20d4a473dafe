import type { ObjectFacet, Shape } from "../shape.ts";
import { isObject, type JsonObject, stringOf } from "./json.ts";

/** What an OpenAPI document says about telling alternatives apart. */
export interface Discriminator {
  property: string;
  /** Value → reference or name of a component. */
  mapping: ReadonlyMap<string, string>;
}

export function discriminatorOf(schema: JsonObject): Discriminator | undefined {
  const written = schema["discriminator"];
  if (!isObject(written)) return undefined;
  const property = stringOf(written["propertyName"]);
  if (property === undefined) return undefined;
  const mapping = isObject(written["mapping"]) ? Object.entries(written["mapping"]) : [];
  return {
    property,
    mapping: new Map(mapping.filter((entry): entry is [string, string] => typeof entry[1] === "string")),
  };
}

interface Member {
  member: Shape;
  /** Values that the mapping gives to it. */
  values: readonly string[];
  reference: string | undefined;
}

/** The values of a tag at one alternative: by the mapping, by the property's own values, by the component's name. */
function variantOf(facet: ObjectFacet, property: string, { values, reference }: Member): string | undefined {
  if (values.length > 0) return [...values].sort().join("|");
  const written = facet.properties.get(property)?.shape.strings[0]?.enum;
  if (written && written.size > 0) return [...written].sort().join("|");
  return reference?.slice(reference.lastIndexOf("/") + 1);
}

/** Writes the tag to a filled union; false where an alternative stays without a value. */
export function tagByMapping(shape: Shape, { property }: Discriminator, members: readonly Member[]): boolean {
  const variants: (string | undefined)[] = [];
  for (const member of members)
    for (const facet of member.member.objects) variants.push(variantOf(facet, property, member));
  if (variants.length !== shape.objects.length || variants.includes(undefined)) return false;
  shape.tag = property;
  shape.objects = shape.objects.map((facet, index) => ({ ...facet, variant: variants[index] }));
  return true;
}
