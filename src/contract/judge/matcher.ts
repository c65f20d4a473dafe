import { FORMATS } from "../infer/formats.ts";
import type { StringFacet } from "../shape.ts";

type Matcher = (value: string) => boolean;

const matchers = new WeakMap<StringFacet, Matcher>();

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

/** Whether a facet accepts a string. Compiled once for each facet; patterns that are no regular expressions accept all. */
export function matcherOf(facet: StringFacet): Matcher {
  const found = matchers.get(facet);
  if (found !== undefined) return found;
  const created = build(facet);
  matchers.set(facet, created);
  return created;
}

function build(facet: StringFacet): Matcher {
  const { enum: members } = facet;
  if (members !== undefined) return facet.extensible ? () => true : (value) => members.has(value);
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
