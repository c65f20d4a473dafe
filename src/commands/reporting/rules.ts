import { CHECK_RULES } from "../../check/rules.ts";
import { RULES } from "../../contract/rules/table.ts";
import type { RuleInfo } from "../../report/reporters/reporter.ts";
import { SECRET_RULES } from "../../secrets/rules.ts";

/** What is known of every rule that has a table, by id. */
export function ruleInfos(): ReadonlyMap<string, RuleInfo> {
  const infos: RuleInfo[] = [
    ...Object.values(CHECK_RULES),
    ...Object.values(SECRET_RULES),
    ...RULES.map(({ id, summary, todo }) => ({ id, summary, help: todo })),
  ];
  return new Map(infos.map(({ id, summary, help }) => [id, { id, summary, ...(help ? { help } : {}) }]));
}
