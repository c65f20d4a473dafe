import type { Direction } from "../compare/change.ts";
import type { Media } from "./api.ts";
import { type Said, said } from "./changes.ts";
import type { Both } from "./reading.ts";

interface Where {
  direction: Direction;
  where: string;
  source: Said["source"];
}

type Content = ReadonlyMap<string, Media>;

/** Whether a media range includes a media type: `application/*` does `application/json`. */
function includes(range: string, type: string): boolean {
  if (range === type || range === "*/*" || range === "*") return true;
  if (range.endsWith("/*")) return type.startsWith(range.slice(0, -1));
  // A structured type is one of its suffix: `application/hal+json` is JSON.
  const [family, suffix] = range.split("/");
  return suffix !== undefined && type.startsWith(`${family}/`) && type.endsWith(`+${suffix}`);
}

/** The media types of a body, and the schemas of those that both documents have. */
export function compareMedia(old: Content, fresh: Content, at: Where, both: Both): Said[] {
  const found: Said[] = [];
  const taken = new Set<string>();
  for (const [key, before] of old) {
    const match = fresh.has(key) ? key : partnerOf(key, { old, fresh, taken });
    const after = match === undefined ? undefined : fresh.get(match);
    if (match === undefined || !after) {
      // A body without any media type left is a body without content.
      found.push(
        report(
          "contract/media-type-removed",
          at,
          { effect: "changed", breaks: true, before: before.name },
          before,
        ),
      );
      continue;
    }
    taken.add(match);
    found.push(...compareNames(key, match, before, after, at), ...compareSchemas(before, after, at, both));
  }
  for (const [key, after] of fresh) {
    if (taken.has(key)) continue;
    const first = old.size === 0 && at.direction === "response";
    found.push(
      report(
        "contract/media-type-added",
        at,
        { effect: first ? "note" : "widened", after: after.name },
        undefined,
        after,
      ),
    );
  }
  return found;
}

function report(
  rule: string,
  { direction, where, source }: Where,
  change: Partial<Said>,
  before?: Media,
  after?: Media,
): Said {
  const places = { before: before?.place ?? source.before, after: after?.place ?? source.after };
  return said({ rule, direction, where, source: places, ...change });
}

/** A type that was replaced by a range that includes it, or the other way round. */
function partnerOf(
  key: string,
  { old, fresh, taken }: { old: Content; fresh: Content; taken: ReadonlySet<string> },
) {
  const free = [...fresh.keys()].filter((name) => !old.has(name) && !taken.has(name));
  return free.find((name) => includes(name, key) || includes(key, name));
}

function compareNames(key: string, match: string, before: Media, after: Media, at: Where): Said[] {
  const names = { before: before.name, after: after.name };
  if (key === match) {
    if (before.name.toLowerCase() === after.name.toLowerCase()) return [];
    return [report("contract/media-type-renamed", at, names, before, after)];
  }
  const wider = includes(match, key);
  const rule = wider ? "contract/media-type-generalized" : "contract/media-type-specialized";
  const breaks = wider === (at.direction === "response");
  return [report(rule, at, { ...names, effect: wider ? "widened" : "narrowed", breaks }, before, after)];
}

function compareSchemas(before: Media, after: Media, at: Where, both: Both): Said[] {
  const where = `${at.where} ${after.name}`;
  if (before.schema && after.schema) {
    if (both.wants(at.direction)) {
      both.schemas(at.direction, where, before.schema, after.schema);
      both.schemas(at.direction, `${where} items`, before.items, after.items);
    }
    return [];
  }
  const here = { ...at, where };
  if (after.schema) {
    const breaks = at.direction === "request";
    return [report("contract/body-schema-added", here, { effect: "narrowed", breaks }, before, after)];
  }
  if (!before.schema) return [];
  const breaks = at.direction === "response";
  return [report("contract/body-schema-removed", here, { effect: "widened", breaks }, before, after)];
}
