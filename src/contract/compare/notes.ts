import type { Note } from "../shape.ts";
import type { Report } from "./bounds.ts";
import type { Direction } from "./change.ts";

/** Which way values flow; only for a property do read-only and write-only say something. */
interface Where {
  property: boolean;
  direction: Direction;
}

/** Compares what is said about values without restricting them. */
export function compareNotes(
  before: Note | undefined,
  after: Note | undefined,
  { property, direction }: Where,
  report: Report,
): void {
  if (before === after) return;
  const a = before ?? {};
  const b = after ?? {};
  compareDeprecation(a, b, report);
  if (property) {
    compareFlag("read-only", a.readOnly, b.readOnly, direction === "request", report);
    compareFlag("write-only", a.writeOnly, b.writeOnly, direction === "response", report);
  }
  const [old, fresh] = [JSON.stringify(a.default), JSON.stringify(b.default)];
  if (old !== fresh) {
    report({
      rule: "contract/default-changed",
      effect: "note",
      before: old ?? "none",
      after: fresh ?? "none",
    });
  }
  if (a.stability !== b.stability) {
    report({
      rule: "contract/stability-changed",
      effect: "note",
      before: a.stability ?? "none",
      after: b.stability ?? "none",
    });
  }
}

function compareDeprecation(a: Note, b: Note, report: Report): void {
  const [was, is] = [a.deprecated === true, b.deprecated === true];
  if (!was && is) {
    report({
      rule: "contract/deprecated",
      effect: "note",
      ...(b.sunset ? { after: `until ${b.sunset}` } : {}),
    });
  } else if (was && !is) report({ rule: "contract/reactivated", effect: "note" });
  else if (a.sunset !== b.sunset) {
    report({
      rule: "contract/sunset-changed",
      effect: "note",
      before: a.sunset ?? "none",
      after: b.sunset ?? "none",
    });
  }
}

/** @param concerns whether the flag hides the property on this side: only there does it take something away or bring it back */
function compareFlag(
  name: "read-only" | "write-only",
  a: boolean | undefined,
  b: boolean | undefined,
  concerns: boolean,
  report: Report,
): void {
  if ((a === true) === (b === true)) return;
  report({
    rule: b === true ? `contract/became-${name}` : `contract/became-not-${name}`,
    effect: concerns ? "changed" : "note",
    before: a === true ? name : "read and write",
    after: b === true ? name : "read and write",
  });
}
