import { describeShape } from "../shape/describe.ts";
import { ANY, isNever, noteOf, type ObjectFacet, type Property, type Shape } from "../shape.ts";
import { compareLower, compareUpper } from "./bounds.ts";
import type { LocalChange } from "./change.ts";
import { compareNotes } from "./notes.ts";
import type { Walk } from "./pair.ts";

/** Compares two alternatives of objects that correspond. */
export function compareObjects(a: ObjectFacet, b: ObjectFacet, walk: Walk): void {
  for (const [name, before] of a.properties) {
    const after = b.properties.get(name);
    if (after) compareProperty(name, before, after, walk);
    else if (isVisible(before, walk)) propertyRemoved(name, before, b, walk);
  }
  for (const [name, after] of b.properties) {
    if (!a.properties.has(name) && isVisible(after, walk)) propertyAdded(name, after, a, walk);
  }
  comparePatterns(a, b, walk);
  compareAdditional(a, b, walk);
  compareNames(a.keys, b.keys, walk);
  compareLower("min-properties", a.minProperties, b.minProperties, walk.report);
  compareUpper("max-properties", a.maxProperties, b.maxProperties, walk.report);
  compareDependencies(a.dependentRequired, b.dependentRequired, walk);
}

/** Write-only properties are in no response, read-only ones in no request. */
function isVisible(property: Property, { direction }: Walk): boolean {
  const note = noteOf(property);
  return direction === "response" ? note?.writeOnly !== true : note?.readOnly !== true;
}

function compareProperty(name: string, before: Property, after: Property, walk: Walk): void {
  const step = { kind: "property", name } as const;
  const at: Walk = { ...walk, report: (change) => walk.report({ ...change, step }) };
  const [shown, shows] = [isVisible(before, walk), isVisible(after, walk)];
  compareNotes(noteOf(before), noteOf(after), { property: true, direction: walk.direction }, at.report);
  if (!shown && !shows) return;
  if (shown && shows && before.required !== after.required) {
    const required = after.required;
    at.report({
      rule: required ? "contract/property-became-required" : "contract/property-became-optional",
      effect: required ? (hasDefault(after) ? "note" : "narrowed") : "widened",
      before: required ? "optional" : "required",
      after: required ? requiredWords(after) : "optional",
    });
  }
  walk.descend(step, before.shape, after.shape);
}

function requiredWords(property: Property): string {
  return hasDefault(property) ? "required, with a default" : "required";
}

/** Whoever receives it fills in what is missing. */
const hasDefault = (property: Property): boolean => noteOf(property)?.default !== undefined;

function propertyRemoved(name: string, before: Property, b: ObjectFacet, walk: Walk): void {
  walk.report({
    rule: before.required ? "contract/property-removed" : "contract/optional-property-removed",
    // What is not named may still come, as anything; a sender is refused only where nothing else may be sent.
    effect: walk.direction === "request" && !isNever(b.additional) ? "note" : "changed",
    before: describeShape(before.shape),
    step: { kind: "property", name },
  });
  // A sender goes on sending it, to where further properties are typed.
  const typed = b.additional !== ANY && !isNever(b.additional);
  if (walk.direction === "request" && typed)
    walk.descend({ kind: "property", name }, before.shape, b.additional);
}

function propertyAdded(name: string, after: Property, a: ObjectFacet, walk: Walk): void {
  const step = { kind: "property", name } as const;
  const closed = isNever(a.additional);
  const change: LocalChange = {
    rule: after.required ? "contract/required-property-added" : "contract/property-added",
    effect: effectOfAdded(after, closed),
    after: `${describeShape(after.shape)}${after.required ? `, ${requiredWords(after)}` : ""}`,
    step,
  };
  walk.report(change);
  // Values of this name were typed already, by a pattern or as a map's: what is named now must still be one of them.
  for (const { pattern, shape } of a.patterns) {
    if (matches(pattern, name)) walk.descend(step, shape, after.shape);
  }
  if (!closed && a.additional !== ANY) walk.descend(step, a.additional, after.shape);
}

function effectOfAdded(after: Property, closed: boolean): LocalChange["effect"] {
  if (after.required && !hasDefault(after)) return closed ? "changed" : "narrowed";
  return closed ? "widened" : "note";
}

function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern, "u").test(name);
  } catch {
    return false;
  }
}

function comparePatterns(a: ObjectFacet, b: ObjectFacet, walk: Walk): void {
  for (const { pattern, shape } of a.patterns) {
    const other = b.patterns.find((one) => one.pattern === pattern);
    if (other) walk.descend({ kind: "member" }, shape, other.shape);
    else walk.report({ rule: "contract/pattern-property-removed", effect: "changed", before: pattern });
  }
  for (const { pattern } of b.patterns) {
    if (a.patterns.every((one) => one.pattern !== pattern)) {
      const effect = isNever(a.additional) ? "widened" : "changed";
      walk.report({ rule: "contract/pattern-property-added", effect, after: pattern });
    }
  }
}

/** Whether further properties are allowed at all; of what type they are is compared as for any value. */
function compareAdditional(a: ObjectFacet, b: ObjectFacet, walk: Walk): void {
  const [closedBefore, closedAfter] = [isNever(a.additional), isNever(b.additional)];
  if (closedBefore !== closedAfter) {
    walk.report({
      rule: closedAfter ? "contract/additional-closed" : "contract/additional-opened",
      effect: closedAfter ? "narrowed" : "widened",
      before: closedBefore ? "no further properties" : describeShape(a.additional),
      after: closedAfter ? "no further properties" : describeShape(b.additional),
    });
  } else if (!closedBefore) walk.descend({ kind: "member" }, a.additional, b.additional);
}

function compareNames(a: Shape | undefined, b: Shape | undefined, walk: Walk): void {
  if (a && b) walk.descend({ kind: "key" }, a, b);
  else if (a)
    walk.report({ rule: "contract/property-names-removed", effect: "widened", before: describeShape(a) });
  else if (b)
    walk.report({ rule: "contract/property-names-added", effect: "narrowed", after: describeShape(b) });
}

type Dependencies = ReadonlyMap<string, readonly string[]>;

function compareDependencies(a: Dependencies, b: Dependencies, { report }: Walk): void {
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const before = a.get(name) ?? [];
    const after = b.get(name) ?? [];
    const gone = before.filter((one) => !after.includes(one));
    const added = after.filter((one) => !before.includes(one));
    const words = (list: readonly string[]) => `${name} needs ${list.join(", ")}`;
    if (gone.length > 0)
      report({ rule: "contract/dependency-removed", effect: "widened", before: words(gone) });
    if (added.length > 0)
      report({ rule: "contract/dependency-added", effect: "narrowed", after: words(added) });
  }
}
