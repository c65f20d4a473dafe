import { join } from "node:path";
import type { Target } from "../../config/project.ts";
import type { SchemaLocator } from "../consumer/source/locate.ts";
import type { Segment } from "../path.ts";
import type { Chain } from "./search.ts";

/**
 * The declarations that a path of a target's response leads through in our schema; undefined where it ends in no property
 * of its own: the response as a whole, a member of a dictionary, what the source does not say.
 */
export function chainOf(target: Target, path: readonly Segment[], locator: SchemaLocator): Chain | undefined {
  const name = target.endpoint.consumer;
  if (name === undefined) return undefined;
  const file = join(target.version.directory, "schemas.ts");
  const last = path.findLastIndex(({ kind }) => kind !== "item");
  if (path[last]?.kind !== "name") return undefined;
  let ends = false;
  const chain = path.slice(0, last + 1).flatMap((segment, index) => {
    if (segment.kind !== "name") return [];
    const place = locator.locate(file, name, path.slice(0, index + 1));
    if (!place?.named || place.depth !== index + 1) return [];
    ends = index === last;
    return [{ name: segment.name, file: place.location.file, offset: place.offset }];
  });
  return ends ? chain : undefined;
}
