import type { Integration, Project } from "../../config/project.ts";
import { type CatalogRow, catalogRow, type NextRotation } from "../../scaffold/catalog.ts";
import { type DueDate, dueDates } from "../../secrets/calendar.ts";
import { readLedger } from "../../secrets/ledger.ts";
import { allSecrets } from "../../secrets/reference.ts";

/** The project's rotations to come, soonest first, as the committed ledger knows them. @throws ConfigError */
export async function rotationsToCome(project: Project, now: number): Promise<DueDate[]> {
  return dueDates(allSecrets(project), project.config.environments, await readLedger(project), now);
}

export function nextRotation(dates: readonly DueDate[], integration: string): NextRotation | undefined {
  return dates.find(({ secret }) => secret.startsWith(`${integration}/`));
}

/** What the catalog says of an integration that is there, or is about to be as `integration` says. */
export function rowOf(integration: Integration, project: Project, dates: readonly DueDate[]): CatalogRow {
  const environments = project.config.environments.map(({ name }) => name);
  const rotates = integration.secrets.some(({ rotateEveryMs }) => rotateEveryMs !== undefined);
  return catalogRow({ ...integration, rotates }, environments, nextRotation(dates, integration.name));
}

export function rowsOf(project: Project, dates: readonly DueDate[]): CatalogRow[] {
  return project.integrations.map((integration) => rowOf(integration, project, dates));
}

/** Directory of the integrations, relative to the project's root, as links have it. */
export function linkedDirectory({ config }: Project): string {
  return config.integrations.replace(/^\.\/|\/+$/g, "");
}
