import { isPlainString, type StringFacet } from "../shape.ts";
import { compareLower, compareUpper, type Report } from "./bounds.ts";
import { compareMembers, type Members } from "./members.ts";

/** Compares the strings that two nodes allow. */
export function compareStrings(
  before: readonly StringFacet[],
  after: readonly StringFacet[],
  report: Report,
): void {
  const a = before[0];
  const b = after[0];
  if (a === undefined || b === undefined) return;
  if (before.length > 1 || after.length > 1) {
    compareMany(before, after, report);
    return;
  }
  const open = a.enum ? b : a;
  const takesAll = () => [...(a.enum ?? b.enum ?? [])].every((value) => takes(open, value));
  if (!compareMembers(asMembers(a), asMembers(b), report, takesAll)) compareOne(a, b, report);
}

/** By length and pattern; formats are names, and a pattern that cannot be run takes nothing. */
function takes({ patterns, minLength, maxLength }: StringFacet, value: string): boolean {
  const length = [...value].length;
  if (length < minLength || (maxLength !== undefined && length > maxLength)) return false;
  return patterns.every((pattern) => {
    try {
      return new RegExp(pattern, "u").test(value);
    } catch {
      return false;
    }
  });
}

function asMembers({ enum: values, extensible }: StringFacet): Members | undefined {
  return values && { values: new Set([...values].map((value) => JSON.stringify(value))), extensible };
}

function compareOne(a: StringFacet, b: StringFacet, report: Report): void {
  if (a.format !== b.format) {
    report({
      rule: "contract/format-changed",
      effect: a.format === undefined ? "narrowed" : b.format === undefined ? "widened" : "changed",
      before: a.format ?? "none",
      after: b.format ?? "none",
    });
  }
  comparePatterns(a.patterns, b.patterns, report);
  compareLower("min-length", a.minLength, b.minLength, report);
  compareUpper("max-length", a.maxLength, b.maxLength, report);
  compareContent("contract/content-media-type-changed", a.mediaType, b.mediaType, report);
  compareContent("contract/content-encoding-changed", a.encoding, b.encoding, report);
}

function compareContent(rule: string, a: string | undefined, b: string | undefined, report: Report): void {
  if (a === b) return;
  report({ rule, effect: a === undefined ? "narrowed" : "changed", before: a ?? "none", after: b ?? "none" });
}

function comparePatterns(a: readonly string[], b: readonly string[], report: Report): void {
  const gone = a.filter((pattern) => !b.includes(pattern));
  const added = b.filter((pattern) => !a.includes(pattern));
  if (gone.length === 0 && added.length === 0) return;
  const what = added.length === 0 ? "removed" : gone.length === 0 ? "added" : "changed";
  report({
    rule: `contract/pattern-${what}`,
    effect: what === "removed" ? "widened" : what === "added" ? "narrowed" : "changed",
    before: gone.join(" and ") || "none",
    after: added.join(" and ") || "none",
  });
}

/** Known values on both sides are compared as sets; what remains must be within one facet of the other side. */
function compareMany(before: readonly StringFacet[], after: readonly StringFacet[], report: Report): void {
  const members = (facets: readonly StringFacet[]): Members | undefined => {
    const own = facets.flatMap((facet) => asMembers(facet) ?? []);
    if (own.length === 0) return undefined;
    return {
      values: new Set(own.flatMap(({ values }) => [...values])),
      extensible: own.some(({ extensible }) => extensible),
    };
  };
  const open = (facets: readonly StringFacet[]) => facets.filter((facet) => facet.enum === undefined);
  const a = open(before);
  const b = open(after);
  compareKnown(members(before), members(after), { a, b }, report);
  const widened = b.filter((facet) => !a.some((other) => within(facet, other)));
  const narrowed = a.filter((facet) => !b.some((other) => within(facet, other)));
  if (widened.length === 0 && narrowed.length === 0) return;
  report({
    rule: "contract/format-changed",
    effect: narrowed.length === 0 ? "widened" : widened.length === 0 ? "narrowed" : "changed",
    before: narrowed.map(look).join(" or ") || "none",
    after: widened.map(look).join(" or ") || "none",
  });
}

/** Values that the other side does not list may still be among its open strings, when these are all strings. */
function compareKnown(
  a: Members | undefined,
  b: Members | undefined,
  open: { a: readonly StringFacet[]; b: readonly StringFacet[] },
  report: Report,
): void {
  const none: Members = { values: new Set(), extensible: false };
  const reportUnknown: Report = (change) => {
    const other = change.rule === "contract/enum-value-added" ? open.a : open.b;
    if (!other.some(isPlainString)) report(change);
  };
  compareMembers(a ?? none, b ?? none, reportUnknown, () => true);
}

function within(inner: StringFacet, outer: StringFacet): boolean {
  let fits = true;
  compareOne(outer, inner, ({ effect }) => {
    if (effect !== "narrowed") fits = false;
  });
  return fits;
}

function look({ format, patterns }: StringFacet): string {
  return format ?? (patterns.length > 0 ? patterns.join(" and ") : "any string");
}
