import { formatDuration } from "../../base/duration.ts";
import type { Finding } from "../../base/finding.ts";
import type { Style } from "../../base/result.ts";
import { plural } from "../../base/text.ts";
import type { CheckedEndpoint } from "../../check/target.ts";
import { LEAST_SAMPLES } from "../../probe/statistics.ts";
import { renderFindings } from "../../report/terminal.ts";
import { sourcesOf } from "../reporting/sources.ts";

/** What a person reads of a check. */
export interface CheckText {
  findings: readonly Finding[];
  endpoints: readonly CheckedEndpoint[];
  environment: string;
  /** Milliseconds. */
  ms: number;
  cwd: string;
  /** How many findings a baseline held already. */
  known?: number;
  /** Endpoints whose p95 budget could not be judged: too few samples were asked for. */
  withoutP95?: number;
}

function headline({ endpoints, environment, ms, known = 0 }: CheckText): string {
  const checked = endpoints.filter(({ state }) => state === "checked").length;
  const integrations = new Set(endpoints.map(({ integration }) => integration)).size;
  const all = plural(endpoints.length, "endpoint");
  const what = checked === endpoints.length ? all : `${checked} of ${all}`;
  const before = known > 0 ? `, ${plural(known, "finding")} of the baseline not shown` : "";
  return `Checked ${what} of ${plural(integrations, "integration")} in ${environment}, ${formatDuration(ms)}${before}`;
}

export function checkText(text: CheckText, { style, columns }: { style: Style; columns: number }): string {
  const { findings, cwd } = text;
  const shown = renderFindings(findings, { style, columns, sources: sourcesOf(findings, cwd) });
  const head = [headline(text)];
  if (text.withoutP95) {
    const which =
      text.withoutP95 === 1
        ? "The p95 budget of 1 endpoint is"
        : `The p95 budgets of ${text.withoutP95} endpoints are`;
    head.push(`${which} judged with --samples ${LEAST_SAMPLES.p95} or more`);
  }
  return [...head.map(style.dim), "", shown].join("\n");
}

/** What to do next, for the worst that was found. */
export function nextSteps(findings: readonly Finding[]): string[] {
  const open = findings.filter(({ waiver }) => !waiver);
  const drift = open.find(
    // A broken file is no change that a contract could take over: the finding says how to mend it.
    ({ rule, severity }) =>
      rule.startsWith("contract/") && rule !== "contract/unreadable" && severity === "error",
  );
  if (drift?.integration !== undefined) {
    const version = drift.version === undefined ? "" : `@${drift.version}`;
    const endpoint = drift.endpoint === undefined ? "" : `/${drift.endpoint}`;
    return [
      `next: mend the code, then take the change into the contract: integ accept ${drift.integration}${version}${endpoint}`,
      `      or put it off: integ waive ${drift.fingerprint} --until DATE --reason WHY`,
    ];
  }
  if (open.some(({ rule }) => rule === "contract/not-recorded")) return ["next: integ record"];
  return [];
}
