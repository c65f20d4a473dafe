import { EXIT, type ExitCode } from "../../base/exit.ts";
import { exitCodeOf, type FailOn } from "../../base/exit-policy.ts";
import { type Finding, finding } from "../../base/finding.ts";
import { applyRuleSeverities } from "../../check/outcome/overrides.ts";
import type { Project } from "../../config/project.ts";
import { doctorRule } from "./rules.ts";

/** What is looked at. */
export type Area =
  | "node"
  | "cache"
  | "config"
  | "contracts"
  | "catalog"
  | "store"
  | "secrets"
  | "proxy"
  | "tls"
  | "network"
  | "clock";

/** One thing looked at, and how it was found. */
export interface Look {
  area: Area;
  /** Whose it is, in few words: `Node`, `store of prod`, `api.stripe.com`. */
  subject: string;
  state: "ok" | "warn" | "fail";
  /** One sentence, or less. */
  says: string;
  /** What to do, as a command where there is one. */
  fix?: string;
}

type Severities = Project["config"]["rules"];

/** What the configuration silences is not shown as wrong either. */
export function withoutSilenced(looks: readonly Look[], rules: Severities): Look[] {
  return looks.filter(({ area, state }) => state === "ok" || rules[doctorRule(area).id] !== "off");
}

/** What is not as it should be, as findings, as severe as the configuration sets them. */
export function findingsOf(looks: readonly Look[], rules: Severities): Finding[] {
  const found = looks.flatMap(({ area, subject, state, says, fix }) => {
    if (state === "ok") return [];
    const { id, severity } = doctorRule(area);
    return finding(
      {
        rule: id,
        severity: state === "warn" ? "warning" : severity,
        message: `${subject}: ${says}`,
        ...(fix === undefined ? {} : { help: fix }),
      },
      subject,
    );
  });
  return applyRuleSeverities(found, rules);
}

/** A configuration that cannot be read and a store out of reach have exit codes of their own; the rest is for `--fail-on`. */
export function exitCodeOfLooks(
  looks: readonly Look[],
  findings: readonly Finding[],
  failOn: FailOn,
): ExitCode {
  const failed = (area: Area) => looks.some((look) => look.area === area && look.state === "fail");
  if (failed("config")) return EXIT.usage;
  return failed("store") ? EXIT.secret : exitCodeOf(findings, failOn);
}
