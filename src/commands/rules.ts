import type { Context } from "../base/context.ts";
import { UsageError } from "../base/errors.ts";
import type { Result, Style } from "../base/result.ts";
import { didYouMean } from "../base/suggest.ts";
import type { Rule } from "../contract/rules/rule.ts";
import { RULES } from "../contract/rules/table.ts";
import { renderTable } from "../report/terminal.ts";
import { PLAIN_RULES, type PlainRule, PROBLEMS, RULE_IDS } from "./every-rule.ts";

export interface RulesOptions {
  rule: string | undefined;
}

const ids = [...RULE_IDS, ...PROBLEMS.map(({ id }) => id)];

/** `integ rules`: every rule with its default severities, or one rule explained. */
export async function run({ rule }: RulesOptions, _ctx: Context): Promise<Result> {
  if (rule === undefined) {
    const contracts = RULES.map(({ id, severity, summary }) => [
      id,
      severity.response,
      severity.request,
      summary,
    ]);
    const others = [...PLAIN_RULES, ...PROBLEMS].map((one) => [one.id, severityOf(one), "", one.summary]);
    return {
      data: { rules: [...RULES, ...PLAIN_RULES, ...PROBLEMS] },
      text: ({ style, columns }) =>
        renderTable(["rule", "response", "request", "says"], [...contracts, ...others], { style, columns }),
      next: ["next: integ rules RULE explains one; `rules:` in integ.config.yaml sets its severity"],
    };
  }
  const found = RULES.find(({ id }) => id === rule || id === `contract/${rule}`);
  if (found) return { data: { rules: [found] }, text: ({ style }) => explain(found, style) };
  const plain = [...PLAIN_RULES, ...PROBLEMS].find(({ id }) => id === rule);
  if (plain) return { data: { rules: [plain] }, text: ({ style }) => explainPlain(plain, style) };
  throw new UsageError(`There is no rule \`${rule}\``, {
    code: "usage/rule",
    hint: didYouMean(rule.includes("/") ? rule : `contract/${rule}`, ids, "rules"),
  });
}

const severityOf = ({ severity, fixed }: PlainRule) => (fixed ? `${severity}, fixed` : severity);

function explainPlain(rule: PlainRule, style: Style): string {
  const fixed = rule.fixed ? "\nIt is the code of an error; its severity cannot be set." : "";
  return `${style.bold(rule.id)}  ${style.dim(severityOf(rule))}\n${rule.summary}${fixed}`;
}

function explain({ id, severity, summary, what, why, example, todo }: Rule, style: Style): string {
  return [
    `${style.bold(id)}  ${style.dim(`response ${severity.response}, request ${severity.request}`)}`,
    summary,
    "",
    style.bold("What it does"),
    `  ${what}`,
    style.bold("Why it matters"),
    `  ${why}`,
    style.bold("Example"),
    `  ${example}`,
    style.bold("What to do"),
    `  ${todo}`,
  ].join("\n");
}
