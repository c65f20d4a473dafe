import { compareText, type Severity } from "../base/finding.ts";
import { CHECK_RULES } from "../check/rules.ts";
import { CONFIG_PROBLEMS } from "../config/problems.ts";
import { RULES } from "../contract/rules/table.ts";
import { PROBE_RULES } from "../probe/rules.ts";
import { SECRET_PROBLEMS, SECRET_RULES } from "../secrets/rules.ts";
import { DOCTOR_RULES } from "./doctor/rules.ts";

/** A rule of another room than contracts: one line, and one severity, for it is about no direction of data. */
export interface PlainRule {
  id: string;
  severity: Severity;
  summary: string;
  /** It ends a command, or one piece of its work; `rules:` says nothing about it. */
  fixed?: true;
}

/** Rules besides those of contracts, sorted by id; what two rooms say under one id is said once. */
export const PLAIN_RULES: readonly PlainRule[] = [
  ...new Map(
    [...Object.values(CHECK_RULES), ...Object.values(SECRET_RULES), ...PROBE_RULES, ...DOCTOR_RULES]
      .filter(({ id }) => !RULES.some((rule) => rule.id === id))
      .map(({ id, severity, summary }) => [id, { id, severity, summary }] as const),
  ).values(),
].sort((a, b) => compareText(a.id, b.id));

/** What looks like a rule's id and is the code of an error: it stands beside them, for people ask what it means. */
export const PROBLEMS: readonly PlainRule[] = Object.entries({ ...CONFIG_PROBLEMS, ...SECRET_PROBLEMS })
  .map(([id, summary]): PlainRule => ({ id, severity: "error", summary, fixed: true }))
  .sort((a, b) => compareText(a.id, b.id));

/** Every id whose severity `rules:` of the configuration can set. */
export const RULE_IDS: readonly string[] = [...RULES, ...PLAIN_RULES].map(({ id }) => id);
