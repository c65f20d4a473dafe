import { RULES } from "../../contract/rules/table.ts";
import type { RuleInfo } from "../../report/reporters/reporter.ts";
import { PLAIN_RULES } from "../every-rule.ts";

/** What is known of every rule, by id. */
export function ruleInfos(): ReadonlyMap<string, RuleInfo> {
  const infos: RuleInfo[] = [
    ...PLAIN_RULES.map(({ id, summary }) => ({ id, summary })),
    ...RULES.map(({ id, summary, todo }) => ({ id, summary, help: todo })),
  ];
  return new Map(infos.map((info) => [info.id, info]));
}
