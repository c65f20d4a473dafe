import type { Context } from "../../base/context.ts";
import { ConfigError } from "../../base/errors.ts";
import { listOf, plural } from "../../base/text.ts";
import { findConfigFile, loadProject } from "../../config/load.ts";
import type { Environment, Project, Target } from "../../config/project.ts";
import { mayBeAsked, resolveTargets } from "../../config/targets.ts";
import { contractFile, readContract, requestLine } from "../../contract/store.ts";
import { judgeCatalog } from "../catalog/stale.ts";
import type { Look } from "./look.ts";

const SUBJECT = { area: "config", subject: "configuration" } as const;

/** The project one stands in, where there is one that can be read. */
export async function lookAtConfig(ctx: Context): Promise<{ look: Look; project?: Project }> {
  if (ctx.configFile === undefined && findConfigFile(ctx.cwd) === undefined)
    return {
      look: {
        ...SUBJECT,
        state: "warn",
        says: "there is no integ.config.yaml here or above, so only the machine is looked at",
        fix: "integ init",
      },
    };
  try {
    const project = await loadProject(ctx);
    const { integrations, config } = project;
    const says = `project ${config.project}: ${plural(integrations.length, "integration")}, ${plural(config.environments.length, "environment")}`;
    return { look: { ...SUBJECT, state: "ok", says }, project };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const more = error.problems.length > 1 ? `, and ${error.problems.length - 1} more` : "";
    const [first] = error.problems;
    const place = first?.location ? `${first.location.file}:${first.location.line} ` : "";
    const says = `${place}${first?.message ?? error.message}${more}`;
    return {
      look: { ...SUBJECT, state: "fail", says, fix: error.hint ?? "integ check shows each with its line" },
    };
  }
}

const SHOWN = 4;

const some = (labels: readonly string[]) =>
  listOf(
    labels.length > SHOWN ? [...labels.slice(0, SHOWN), `${labels.length - SHOWN} more`] : labels,
    "and",
  );

type Baseline = "kept" | "missing" | "stale" | "unreadable";

const BASELINE_WORDS = {
  missing: "none yet for",
  stale: "about another request than the manifest's:",
  unreadable: "cannot be read:",
} as const;

async function baselineOf(target: Target): Promise<Baseline> {
  try {
    const contract = await readContract(contractFile(target));
    if (!contract) return "missing";
    return contract.request === requestLine(target) ? "kept" : "stale";
  } catch (error) {
    if (error instanceof ConfigError) return "unreadable";
    throw error;
  }
}

/** Contracts that are not there, or are about what is no longer asked. */
export async function lookAtContracts(project: Project, environment: Environment): Promise<Look[]> {
  const all = resolveTargets(project, [], { env: environment.name });
  const targets = all.filter(({ endpoint }) => mayBeAsked(endpoint));
  if (targets.length === 0) return [];
  const baselines = await Promise.all(
    targets.map(async (target) => ({ label: target.label, is: await baselineOf(target) })),
  );
  const look = { area: "contracts", subject: "contracts" } as const;
  const stale = (["missing", "stale", "unreadable"] as const).flatMap((what): Look[] => {
    const labels = baselines.filter(({ is }) => is === what).map(({ label }) => label);
    if (labels.length === 0) return [];
    const fix = `integ record ${labels.length > SHOWN ? "" : labels.join(" ")}`.trimEnd();
    return [
      {
        ...look,
        state: what === "unreadable" ? "fail" : "warn",
        says: `${BASELINE_WORDS[what]} ${some(labels)}`,
        fix,
      },
    ];
  });
  if (stale.length > 0) return stale;
  return [{ ...look, state: "ok", says: `${plural(targets.length, "endpoint")}, each with its contract` }];
}

/** Whether INTEGRATIONS.md says what is. */
export async function lookAtCatalog(project: Project, now: number): Promise<Look[]> {
  const findings = await judgeCatalog(project, now);
  return findings.map(({ message, help }) => ({
    area: "catalog",
    subject: "INTEGRATIONS.md",
    state: "warn",
    says: message,
    ...(help === undefined ? {} : { fix: help }),
  }));
}
