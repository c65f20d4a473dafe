import type { Context } from "../base/context.ts";
import { UsageError } from "../base/errors.ts";
import { compareText, type Severity } from "../base/finding.ts";
import type { Result, Style } from "../base/result.ts";
import { didYouMean } from "../base/suggest.ts";
import { CHECK_RULES } from "../check/rules.ts";
import type { Rule } from "../contract/rules/rule.ts";
import { RULES } from "../contract/rules/table.ts";
import { PROBE_RULES } from "../probe/rules.ts";
import { renderTable } from "../report/terminal.ts";
import { SECRET_RULES } from "../secrets/rules.ts";
import { DOCTOR_RULES } from "./doctor/rules.ts";

export interface RulesOptions {
  rule: string | undefined;
}

/** A rule of another room: one line, and one severity, for it is about no direction of data. */
interface PlainRule {
  id: string;
  severity: Severity;
  summary: string;
}

/** Rules besides those of contracts, sorted by id; what two rooms say under one id is said once. */
const PLAIN_RULES: readonly PlainRule[] = [
  ...new Map(
    [...Object.values(CHECK_RULES), ...Object.values(SECRET_RULES), ...PROBE_RULES, ...DOCTOR_RULES]
      .filter(({ id }) => !RULES.some((rule) => rule.id === id))
      .map(({ id, severity, summary }) => [id, { id, severity, summary }] as const),
  ).values(),
].sort((a, b) => compareText(a.id, b.id));

const ids = [...RULES, ...PLAIN_RULES].map(({ id }) => id);

/** `integ rules`: every rule with its default severities, or one rule explained. */
export async function run({ rule }: RulesOptions, _ctx: Context): Promise<Result> {
  if (rule === undefined) {
    const contracts = RULES.map(({ id, severity, summary }) => [
      id,
      severity.response,
      severity.request,
      summary,
    ]);
    const others = PLAIN_RULES.map(({ id, severity, summary }) => [id, severity, "", summary]);
    return {
      data: { rules: [...RULES, ...PLAIN_RULES] },
      text: ({ style, columns }) =>
        renderTable(["rule", "response", "request", "says"], [...contracts, ...others], { style, columns }),
      next: ["next: integ rules RULE explains one; `rules:` in integ.config.yaml sets its severity"],
    };
  }
  const found = RULES.find(({ id }) => id === rule || id === `contract/${rule}`);
  if (found) return { data: { rules: [found] }, text: ({ style }) => explain(found, style) };
  const plain = PLAIN_RULES.find(({ id }) => id === rule);
  if (plain) return { data: { rules: [plain] }, text: ({ style }) => explainPlain(plain, style) };
  throw new UsageError(`There is no rule \`${rule}\``, {
    code: "usage/rule",
    hint: didYouMean(rule.includes("/") ? rule : `contract/${rule}`, ids, "rules"),
  });
}

function explainPlain({ id, severity, summary }: PlainRule, style: Style): string {
  return `${style.bold(id)}  ${style.dim(severity)}\n${summary}`;
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
