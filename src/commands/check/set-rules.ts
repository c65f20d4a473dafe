import { type Finding, finding } from "../../base/finding.ts";
import { didYouMean } from "../../base/suggest.ts";
import { CHECK_RULES } from "../../check/rules.ts";
import type { Project } from "../../config/project.ts";
import { PROBLEMS, RULE_IDS } from "../every-rule.ts";

/** Severities that the configuration sets and that nothing can have: a slip in a name would silence nothing, and nobody would know. */
export function judgeSetRules({ config }: Project): Finding[] {
  const known = new Set(RULE_IDS);
  const errors = new Set(PROBLEMS.map(({ id }) => id));
  const unknown = Object.keys(config.rules).filter((id) => !known.has(id));
  return unknown.map((id) => {
    const { id: rule, severity } = CHECK_RULES.unknownRule;
    const message = errors.has(id)
      ? `\`rules:\` in integ.config.yaml sets \`${id}\`, the code of an error: it has no severity that could be set`
      : `\`rules:\` in integ.config.yaml sets \`${id}\`, and there is no such rule`;
    const help = errors.has(id)
      ? "take it out"
      : (didYouMean(id, RULE_IDS, "rules") ?? "`integ rules` lists them");
    return finding({ rule, severity, message, help }, id);
  });
}
