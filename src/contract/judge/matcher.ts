import { FORMATS } from "../infer/formats.ts";
import type { StringFacet } from "../shape.ts";

/** Whether a string is one of those that were asked for. */
export type Matcher = (value: string) => boolean;

/** Standard formats that only some values of ours were tested for; of another name nothing is known, so all match. */
const BY_NAME: ReadonlyMap<string, readonly Matcher[]> = (() => {
  const byName = new Map<string, Matcher[]>();
  for (const { format, test } of FORMATS) {
    if (format !== undefined && format !== "uri") byName.set(format, [...(byName.get(format) ?? []), test]);
  }
  // Providers send URLs with characters that the standard wants escaped; that is no drift.
  byName.set("uri", [(value) => /^[a-z][a-z0-9+.-]*:\S/i.test(value)]);
  return byName;
})();

const acceptsAll: Matcher = () => true;

/** Whether one of the facets accepts a string. Patterns that are no regular expressions accept all. */
export function matcherOf(facets: readonly StringFacet[]): Matcher {
  const only = facets.length === 1 ? facets[0] : undefined;
  if (only !== undefined) return build(only);
  const matchers = facets.map(build);
  return (value) => matchers.some((accepts) => accepts(value));
}

function build(facet: StringFacet): Matcher {
  const { enum: members } = facet;
  if (members !== undefined) return facet.extensible ? acceptsAll : (value) => members.has(value);
  if (facet.patterns.length === 0 && facet.format === undefined) return acceptsAll;
  const tests = facet.patterns.flatMap(compile);
  const formats = facet.format === undefined ? undefined : BY_NAME.get(facet.format);
  if (formats !== undefined) tests.push((value) => formats.some((test) => test(value)));
  return (value) => {
    for (const test of tests) if (!test(value)) return false;
    return true;
  };
}

const patterns = new Map<string, Matcher | undefined>();
const MAX_PATTERNS = 1000;

/** Whether a name matches a pattern of `patternProperties`; one that is no regular expression here matches none. */
export function matchesPattern(pattern: string, name: string): boolean {
  if (!patterns.has(pattern)) {
    if (patterns.size >= MAX_PATTERNS) patterns.clear();
    patterns.set(pattern, compile(pattern)[0]);
  }
  return patterns.get(pattern)?.(name) ?? false;
}

function compile(pattern: string): Matcher[] {
  try {
    const regex = new RegExp(pattern, "u");
    return [(value) => regex.test(value)];
  } catch {
    return [];
  }
}
