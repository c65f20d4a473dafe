import type { NumberFacet } from "../shape.ts";
import { compareRange, type Report } from "./bounds.ts";
import { compareMembers, type Members } from "./members.ts";

/** Formats that stand for ranges, each within the next. */
const WIDER: readonly (readonly string[])[] = [
  ["int8", "int16", "int32", "int64"],
  ["uint8", "uint16", "uint32", "uint64"],
  ["float", "double"],
];

/** Compares the numbers that two nodes allow. */
export function compareNumbers(
  before: readonly NumberFacet[],
  after: readonly NumberFacet[],
  report: Report,
): void {
  const a = before[0];
  const b = after[0];
  if (a === undefined || b === undefined) return;
  if (before.length > 1 || after.length > 1) {
    compareManyNumbers(before, after, report);
    return;
  }
  const open = a.enum ? b : a;
  const takesAll = () => [...(a.enum ?? b.enum ?? [])].every((value) => takes(open, value));
  if (compareMembers(asMembers(a), asMembers(b), report, takesAll)) return;
  if (a.integer !== b.integer) {
    report({
      rule: a.integer ? "contract/integer-became-number" : "contract/number-became-integer",
      effect: a.integer ? "widened" : "narrowed",
      before: a.integer ? "integer" : "number",
      after: b.integer ? "integer" : "number",
    });
  }
  compareRange(a, b, report);
  compareMultiples(a.multipleOf, b.multipleOf, report);
  compareFormats(a.format, b.format, report);
}

function takes({ integer, min, max, multipleOf }: NumberFacet, value: number): boolean {
  if (integer && !Number.isInteger(value)) return false;
  if (min && (value < min.value || (min.exclusive && value === min.value))) return false;
  if (max && (value > max.value || (max.exclusive && value === max.value))) return false;
  return multipleOf === undefined || Math.abs(value / multipleOf - Math.round(value / multipleOf)) < 1e-9;
}

function asMembers({ enum: members }: NumberFacet): Members | undefined {
  return members && { values: new Set([...members].map(String)), extensible: false };
}

function compareMultiples(a: number | undefined, b: number | undefined, report: Report): void {
  if (a === b) return;
  const within = (one: number, other: number) => Math.abs(one / other - Math.round(one / other)) < 1e-9;
  const narrowed = b !== undefined && (a === undefined || within(b, a));
  const widened = a !== undefined && (b === undefined || within(a, b));
  report({
    rule: "contract/multiple-of-changed",
    effect: narrowed ? "narrowed" : widened ? "widened" : "changed",
    before: a === undefined ? "none" : String(a),
    after: b === undefined ? "none" : String(b),
  });
}

function compareFormats(a: string | undefined, b: string | undefined, report: Report): void {
  if (a === b) return;
  const family = WIDER.find((names) => names.includes(a ?? "") && names.includes(b ?? ""));
  const wider = family !== undefined && family.indexOf(b ?? "") > family.indexOf(a ?? "");
  const effect = family ? (wider ? "widened" : "narrowed") : "changed";
  report({
    rule: "contract/format-changed",
    effect: a === undefined ? "narrowed" : b === undefined ? "widened" : effect,
    before: a ?? "none",
    after: b ?? "none",
  });
}

/** Several facets on a side: each one must be within one of the other side, which is enough and nearly always so. */
function compareManyNumbers(
  before: readonly NumberFacet[],
  after: readonly NumberFacet[],
  report: Report,
): void {
  const covered = (facets: readonly NumberFacet[], by: readonly NumberFacet[]) =>
    facets.every((facet) => by.some((other) => within(facet, other)));
  const wider = !covered(after, before);
  const narrower = !covered(before, after);
  if (!wider && !narrower) return;
  report({
    rule: "contract/type-changed",
    effect: wider ? (narrower ? "changed" : "widened") : "narrowed",
    before: `${before.length} kinds of numbers`,
    after: `${after.length} kinds of numbers`,
  });
}

function within(inner: NumberFacet, outer: NumberFacet): boolean {
  let fits = true;
  compareNumbers([outer], [inner], ({ effect }) => {
    if (effect !== "narrowed") fits = false;
  });
  return fits;
}
