import { type Finding, finding } from "../../base/finding.ts";
import type { Waiver } from "../../config/project.ts";
import { parseTarget } from "../../config/target-text.ts";
import { parsePath } from "../path.ts";
import { CHECK_RULES } from "../rules.ts";

/** What a run looked at; a waiver for anything else is not unused. */
export interface Covered {
  /** Whether findings of a rule could have come up. */
  rule(id: string): boolean;
  /** Whether a waiver's target was among those checked, and could be judged. */
  target(text: string | undefined): boolean;
}

function coversTarget({ target }: Waiver, subject: Finding): boolean {
  if (target === undefined) return true;
  const wanted = parseTarget(target);
  return (
    wanted !== undefined &&
    wanted.integration === subject.integration &&
    (wanted.version === undefined || wanted.version === subject.version) &&
    (wanted.endpoint === undefined || wanted.endpoint === subject.endpoint)
  );
}

/** `.*` of a waiver's path stands for any one property, `[*]` for any item; the path ends where the finding's does. */
function coversPath({ path }: Waiver, subject: Finding): boolean {
  if (path === undefined || path === subject.path) return true;
  const wanted = parsePath(path);
  const actual = subject.path === undefined ? undefined : parsePath(subject.path);
  if (!wanted || !actual || wanted.length !== actual.length) return false;
  return wanted.every((segment, index) => {
    const other = actual[index];
    if (segment.kind === "member") return other?.kind !== "item";
    return segment.kind === "name"
      ? other?.kind === "name" && other.name === segment.name
      : other?.kind === segment.kind;
  });
}

function covers(waiver: Waiver, subject: Finding): boolean {
  return waiver.rule === subject.rule && coversTarget(waiver, subject) && coversPath(waiver, subject);
}

const whatOf = ({ rule, target, path }: Waiver) =>
  [
    rule,
    ...(target === undefined ? [] : [`for ${target}`]),
    ...(path === undefined ? [] : [`at ${path}`]),
  ].join(" ");

function about(
  waiver: Waiver,
  rule: { id: string; severity: Finding["severity"] },
  text: { message: string; help: string },
): Finding {
  const { location } = waiver;
  return finding({ rule: rule.id, severity: rule.severity, ...text, location }, whatOf(waiver));
}

function expired(waiver: Waiver): Finding {
  return about(waiver, CHECK_RULES.waiverExpired, {
    message: `The waiver of ${whatOf(waiver)} ended on ${waiver.until}`,
    help: "mend what it covered and delete it, or give it a new `until`",
  });
}

function unused(waiver: Waiver): Finding {
  return about(waiver, CHECK_RULES.waiverUnused, {
    message: `The waiver of ${whatOf(waiver)} covers nothing that this run found`,
    help: "delete it from integ.config.yaml",
  });
}

/**
 * Marks the findings that a waiver in force covers, and adds findings about waivers that have expired or cover nothing.
 * A waiver holds to the end of its last day, UTC.
 * @param today ISO date
 */
export function applyWaivers(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  { today, covered }: { today: string; covered: Covered },
): Finding[] {
  const inForce = waivers.filter(({ until }) => until >= today);
  const used = new Set<Waiver>();
  const waived = findings.map((one) => {
    const waiver = inForce.find((candidate) => covers(candidate, one));
    if (!waiver) return one;
    used.add(waiver);
    return { ...one, waiver: { reason: waiver.reason, until: waiver.until } };
  });
  const idle = inForce.filter(
    (waiver) => !used.has(waiver) && covered.rule(waiver.rule) && covered.target(waiver.target),
  );
  return [...waived, ...waivers.filter(({ until }) => until < today).map(expired), ...idle.map(unused)];
}
