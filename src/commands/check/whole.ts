import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../../base/context.ts";
import type { Finding } from "../../base/finding.ts";
import { CATALOG_FILE } from "../../config/catalog.ts";
import type { Integration, Project } from "../../config/project.ts";
import { LOCK_FILE } from "../../scaffold/lock-file.ts";

/** Only a preset says which version is the newest, and only headers pin one. */
const mayPin = ({ provider, versions }: Integration) =>
  provider !== undefined && versions.some(({ headers }) => Object.keys(headers).length > 0);

/**
 * What concerns the project and none of its targets alone. Nothing is loaded for what a project does not have: each of these
 * brings a schema library or a parser, which cost as much as a hundred requests.
 */
export async function judgeWhole(project: Project, { cwd, clock }: Context): Promise<Finding[]> {
  const has = (file: string) => existsSync(join(project.root, file));
  const findings: Finding[] = [];
  if (Object.keys(project.config.rules).length > 0) {
    const { judgeSetRules } = await import("./set-rules.ts");
    findings.push(...judgeSetRules(project));
  }
  if (has(LOCK_FILE)) {
    const { judgeLocked } = await import("./locked.ts");
    findings.push(...(await judgeLocked(project, cwd)));
  }
  if (has(CATALOG_FILE)) {
    const { judgeCatalog } = await import("../catalog/stale.ts");
    findings.push(...(await judgeCatalog(project, clock.now())));
  }
  return findings;
}

/** What concerns whole integrations, whichever of their endpoints are checked. */
export async function judgeIntegrations(integrations: readonly Integration[]): Promise<Finding[]> {
  const pinning = integrations.filter(mayPin);
  if (pinning.length === 0) return [];
  const { judgePins } = await import("./pins.ts");
  return judgePins(pinning);
}
