import type { Context } from "../../base/context.ts";
import { formatDuration } from "../../base/duration.ts";
import type { Result } from "../../base/result.ts";
import { plural } from "../../base/text.ts";
import { CATALOG_FILE } from "../../config/catalog.ts";
import { loadProject } from "../../config/load.ts";
import { resolveEnvironment } from "../../config/targets.ts";
import { type Cell, renderTable } from "../../report/table.ts";
import { type PageCell, tablePage } from "../../report/table-page.ts";
import { type CatalogRow, wholeCatalog } from "../../scaffold/catalog.ts";
import type { FileChange } from "../../scaffold/changes.ts";
import { VERSION } from "../../version.ts";
import { applyChanges, projectReader } from "../scaffold/disk.ts";
import { changesData, NOTHING_WRITTEN, showChanges } from "../scaffold/show.ts";
import { type LiveStatus, liveStatus } from "./live.ts";
import { linkedDirectory, rotationsToCome, rowsOf } from "./rows.ts";

export interface CatalogOptions {
  env: string | undefined;
  format: string | undefined;
  dryRun: boolean | undefined;
}

function liveCell(live: LiveStatus | undefined, now: number): Cell {
  if (!live) return "not measured here";
  const ago = `${formatDuration(Math.max(0, now - Date.parse(live.measuredAt)))} ago`;
  if (live.state === "failing") return { text: `no answer: ${live.failing.join(", ")}, ${ago}`, tone: "red" };
  return { text: `ok${live.p50 === undefined ? "" : ` ${Math.round(live.p50)} ms`}, ${ago}`, tone: "green" };
}

function table(rows: readonly CatalogRow[], live: ReadonlyMap<string, LiveStatus>, now: number) {
  return rows.map(({ name, purpose, owner, versions, environments, rotation }): Cell[] => [
    name,
    purpose,
    owner,
    versions,
    environments,
    rotation,
    liveCell(live.get(name), now),
  ]);
}

/** The same as a page: who reads it has no terminal. */
function page(cells: readonly (readonly Cell[])[], environment: string, now: number): string {
  const rows = cells.map((row) =>
    row.map((cell): PageCell => {
      if (typeof cell === "string") return cell;
      return { text: cell.text, tone: cell.tone === "red" ? "error" : "good" };
    }),
  );
  return tablePage({
    title: "Integrations",
    caption: `${plural(rows.length, "third-party API")}; live as last measured here in ${environment}`,
    version: VERSION,
    at: new Date(now).toISOString(),
    head: HEAD,
    rows,
  }).trimEnd();
}

const HEAD = ["Integration", "Purpose", "Owner", "Versions", "Environments", "Rotation due", "Live"];

/** `integ catalog`: brings INTEGRATIONS.md up to date, and shows it with what was last measured. */
export async function run(options: CatalogOptions, ctx: Context): Promise<Result> {
  const project = await loadProject({ cwd: ctx.cwd, configFile: ctx.configFile });
  const environment = resolveEnvironment(project, options.env).name;
  const now = ctx.clock.now();
  const rows = rowsOf(project, await rotationsToCome(project, now));
  const before = projectReader(project.root)(CATALOG_FILE);
  const where = { directory: linkedDirectory(project), today: new Date(now).toISOString().slice(0, 10) };
  const change: FileChange = { path: CATALOG_FILE, before, after: wholeCatalog(before, rows, where) };
  const dryRun = options.dryRun === true;
  ctx.signal.throwIfAborted();
  if (!dryRun) await applyChanges(project.root, [change]);
  const live = await liveStatus(project.root, environment, ctx);
  const next = rows.length === 0 ? ["next: integ scaffold stripe   (see integ presets list)"] : [];
  return {
    data: {
      ...changesData([change], dryRun),
      integrations: rows.map((row) => ({
        ...row,
        ...(live.has(row.name) ? { live: live.get(row.name) } : {}),
      })),
    },
    text: ({ style, columns }) => {
      if (options.format === "html") return page(table(rows, live, now), environment, now);
      const changes = showChanges([change], dryRun, style);
      if (dryRun || rows.length === 0) return changes;
      return `${renderTable(HEAD, table(rows, live, now), { style, columns })}\n\n${changes}`;
    },
    next: dryRun ? [NOTHING_WRITTEN] : next,
  };
}
