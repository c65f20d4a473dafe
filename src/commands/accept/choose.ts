import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Finding } from "../../base/finding.ts";
import { didYouMean } from "../../base/suggest.ts";

interface Choice {
  rule: readonly string[];
  path: readonly string[];
  fingerprint: readonly string[];
  all: boolean | undefined;
}

/**
 * The findings that are to be accepted: by flags, where there are any, else by asking.
 * @throws UsageError when nothing was chosen and nobody can be asked, or a flag names nothing that was found
 */
export async function choose(offered: readonly Finding[], choice: Choice, ctx: Context): Promise<Finding[]> {
  const { rule, path, fingerprint, all } = choice;
  if (all || (ctx.yes && rule.length + path.length + fingerprint.length === 0)) return [...offered];
  if (rule.length + path.length + fingerprint.length > 0) return byFlags(offered, choice);
  if (offered.length === 0) return [];
  if (!ctx.io.prompt) {
    throw new UsageError("Nothing says what to accept", {
      code: "usage/accept",
      hint: "--all accepts everything; --rule, --path and --fingerprint choose",
    });
  }
  return ctx.io.prompt.checkbox({
    message: "Accept into the contract",
    choices: offered.map((one) => ({
      name: `${one.severity.padEnd(7)} ${one.endpoint ?? ""} ${one.message}`,
      value: one,
      checked: one.severity === "info",
    })),
  });
}

function byFlags(offered: readonly Finding[], { rule, path, fingerprint }: Choice): Finding[] {
  const rules = rule.map((id) => (id.includes("/") ? id : `contract/${id}`));
  refuseUnknown(
    "--rule",
    rules,
    offered.map((one) => one.rule),
  );
  refuseUnknown(
    "--path",
    path,
    offered.map((one) => one.path ?? ""),
  );
  refuseUnknown(
    "--fingerprint",
    fingerprint,
    offered.map((one) => one.fingerprint),
  );
  const fits = (wanted: readonly string[], own: string) => wanted.length === 0 || wanted.includes(own);
  return offered.filter(
    (one) => fits(rules, one.rule) && fits(path, one.path ?? "") && fits(fingerprint, one.fingerprint),
  );
}

function refuseUnknown(flag: string, wanted: readonly string[], known: readonly string[]): void {
  const unknown = wanted.find((one) => !known.includes(one));
  if (unknown === undefined) return;
  throw new UsageError(`${flag} ${unknown}: nothing of it was found`, {
    code: "usage/accept",
    hint:
      known.length === 0 ? "there is no drift to accept" : didYouMean(unknown, [...new Set(known)], "ones"),
  });
}
