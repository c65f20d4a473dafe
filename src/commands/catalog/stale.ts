import { type Finding, finding } from "../../base/finding.ts";
import { listOf } from "../../base/text.ts";
import { CHECK_RULES } from "../../check/rules.ts";
import { CATALOG_FILE } from "../../config/catalog.ts";
import type { Project } from "../../config/project.ts";
import { outdatedRows } from "../../scaffold/catalog.ts";
import { projectReader } from "../scaffold/disk.ts";
import { linkedDirectory, rotationsToCome, rowsOf } from "./rows.ts";

/** Whether INTEGRATIONS.md says what is. A project that keeps none is not asked to. @throws ConfigError */
export async function judgeCatalog(project: Project, now: number): Promise<Finding[]> {
  const text = projectReader(project.root)(CATALOG_FILE);
  if (text === undefined) return [];
  const rows = rowsOf(project, await rotationsToCome(project, now));
  const outdated = outdatedRows(text, rows, linkedDirectory(project));
  if (outdated.length === 0) return [];
  const names = outdated.length > 4 ? [...outdated.slice(0, 4), `${outdated.length - 4} more`] : outdated;
  return [
    finding({
      rule: CHECK_RULES.catalogStale.id,
      severity: CHECK_RULES.catalogStale.severity,
      message: `${CATALOG_FILE} is behind: it does not say what is true of ${listOf(names, "and")}`,
      help: "integ catalog",
      location: { file: CATALOG_FILE, line: 1, column: 1 },
    }),
  ];
}
