import type { Context } from "../base/context.ts";
import { UsageError } from "../base/errors.ts";
import type { Result, Style } from "../base/result.ts";
import { didYouMean } from "../base/suggest.ts";
import type { Rule } from "../contract/rules/rule.ts";
import { RULES } from "../contract/rules/table.ts";
import { renderTable } from "../report/terminal.ts";

export interface RulesOptions {
  rule: string | undefined;
}

/** `integ rules`: every rule with its default severities, or one rule explained. */
export async function run({ rule }: RulesOptions, _ctx: Context): Promise<Result> {
  if (rule === undefined) {
    return {
      data: { rules: RULES },
      text: ({ style, columns }) =>
        renderTable(
          ["rule", "response", "request", "says"],
          RULES.map(({ id, severity, summary }) => [id, severity.response, severity.request, summary]),
          { style, columns },
        ),
      next: ["next: integ rules RULE explains one; `rules:` in integ.config.yaml sets its severity"],
    };
  }
  const found = RULES.find(({ id }) => id === rule || id === `contract/${rule}`);
  if (found === undefined) {
    throw new UsageError(`There is no rule \`${rule}\``, {
      code: "usage/rule",
      hint: didYouMean(
        rule.includes("/") ? rule : `contract/${rule}`,
        RULES.map(({ id }) => id),
        "rules",
      ),
    });
  }
  return { data: { rules: [found] }, text: ({ style }) => explain(found, style) };
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
