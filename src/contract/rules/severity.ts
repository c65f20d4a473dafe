import type { Severity } from "../../base/finding.ts";
import type { Change, Direction } from "../compare/change.ts";
import { ruleOf } from "./table.ts";

/**
 * How grave a change is for the side that reads responses, or sends requests. The rule's default for the direction, or what
 * the configuration sets; a change that cannot break this side is at most an info, whatever the rule.
 * @param rules severities that the configuration sets
 * @returns `off` where nothing is to be said
 */
export function severityOfChange(
  { rule, effect }: Pick<Change, "rule" | "effect">,
  direction: Direction,
  rules: Readonly<Record<string, Severity | "off">> = {},
): Severity | "off" {
  const set = rules[rule];
  if (effect === "unknown") return set === "off" ? "off" : "inconclusive";
  if (set !== undefined) return set;
  const own = ruleOf(rule)?.severity[direction] ?? "warning";
  if (own === "off") return own;
  const harmless = effect === (direction === "response" ? "narrowed" : "widened");
  // Where the values stay the same, nothing fails at once.
  return harmless || (effect === "note" && own === "error") ? "info" : own;
}
