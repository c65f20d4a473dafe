import type { Clock } from "../../base/context.ts";
import { compareFindings, type Finding } from "../../base/finding.ts";
import type { Environment, Integration, Project, Target } from "../../config/project.ts";
import type { CheckOptions, CheckResult } from "../options.ts";
import type { Part } from "../parts.ts";
import type { Checked } from "../target.ts";
import { applyRuleSeverities } from "./overrides.ts";
import { applyWaivers, type Covered } from "./waivers.ts";

/** What the targets of a run came to, wherever they were checked. */
export interface Found {
  /** In the order of the targets. */
  checked: readonly Checked[];
  /** About the secrets' policy. */
  secrets: readonly Finding[];
}

/** Findings that several targets came to, such as one missing secret, count once, as the most severe of them says it. */
function unique(findings: readonly Finding[]): Finding[] {
  const leastFirst = findings.toSorted(compareFindings).reverse();
  return [...new Map(leastFirst.map((one) => [one.fingerprint, one])).values()];
}

function coverage(checked: readonly Checked[], options: CheckOptions): Covered {
  const judged = checked.map(({ endpoint }) => endpoint).filter(({ state }) => state === "checked");
  const rooms: Readonly<Record<string, Part>> = {
    secret: "secrets",
    contract: "contract",
    consumer: "contract",
    provider: "probe",
    config: "config",
  };
  return {
    rule: (id) => {
      const part = rooms[id.split("/")[0] ?? ""];
      return part === undefined || options.parts.has(part);
    },
    target: (text) => {
      if (options.part) return false;
      if (text === undefined) return options.everything && judged.length === checked.length;
      return judged.some(({ integration, version, endpoint }) =>
        [
          integration,
          `${integration}@${version}`,
          `${integration}/${endpoint}`,
          `${integration}@${version}/${endpoint}`,
        ].includes(text),
      );
    },
  };
}

/** The environments that targets are of, each with its integrations: what a judgement of the secrets' policy is about. */
export function secretsOf(
  targets: readonly Target[],
): { environment: Environment; integrations: Integration[] }[] {
  const environments = new Map(targets.map(({ environment }) => [environment.name, environment]));
  return [...environments.values()].map((environment) => {
    const here = targets.filter((target) => target.environment.name === environment.name);
    return { environment, integrations: [...new Set(here.map(({ integration }) => integration))] };
  });
}

/** What turns what targets came to into the findings of the whole. */
export interface Conclusion {
  options: CheckOptions;
  clock: Clock;
  /** Ends what still takes time. */
  signal: AbortSignal;
  /** The findings of all targets, with the lines of the codebase that read what they are about. */
  readers(
    findings: readonly Finding[],
    targets: readonly Target[],
    signal: AbortSignal,
  ): Promise<readonly Finding[]>;
}

/**
 * The result of a run: each finding once, with its readers, then the rules' severities and the waivers of the
 * configuration; sorted.
 */
export async function conclude(
  project: Project,
  targets: readonly Target[],
  { checked, secrets }: Found,
  { options, clock, signal, readers }: Conclusion,
): Promise<CheckResult> {
  const whole = options.parts.has("config") ? (options.project ?? []) : [];
  const live = await readers(
    checked.flatMap(({ findings }) => findings),
    targets,
    signal,
  );
  options.signal.throwIfAborted();
  const found = unique([...whole, ...secrets, ...live]);
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  const judged = applyWaivers(applyRuleSeverities(found, project.config.rules), project.config.waivers, {
    today,
    covered: coverage(checked, options),
  });
  return { findings: judged.sort(compareFindings), endpoints: checked.map(({ endpoint }) => endpoint) };
}
