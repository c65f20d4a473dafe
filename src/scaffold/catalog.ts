import { compareText } from "../base/finding.ts";
import { CATALOG_BEGIN, CATALOG_END } from "../config/catalog.ts";
import type { Canary, Integration, Version } from "../config/project.ts";
import { linesBetween, replaceBetween } from "./registry.ts";

/** What the catalog says of an integration; a date of change is not part of it. */
export interface CatalogRow {
  name: string;
  purpose: string;
  owner: string;
  /** `v2, v3 canary 10%, v1 deprecated until 2027-03-01`; the active one first. */
  versions: string;
  /** `dev, prod`. */
  environments: string;
  /** `2027-02-20 prod`: the first rotation to come, and where. */
  rotation: string;
  status: "active" | "deprecated";
}

/** What a row is made of. */
export type Catalogued = Pick<Integration, "name" | "purpose" | "owner" | "active" | "baseUrl"> & {
  versions: readonly Pick<Version, "name" | "deprecated">[];
  /** Whether a secret of it is rotated by age. */
  rotates: boolean;
  canary?: Canary;
};

/** The first rotation that the ledger knows of: epoch milliseconds. */
export interface NextRotation {
  dueAt: number;
  environment: string;
}

const COLUMNS = ["purpose", "owner", "versions", "environments", "rotation", "updated", "status"] as const;
const HEAD = [
  "| Integration | Purpose | Owner | Versions | Environments | Rotation due | Last updated | Status |",
  "| --- | --- | --- | --- | --- | --- | --- | --- |",
];
const MARKERS = { begin: CATALOG_BEGIN, end: CATALOG_END };

function versionText({ name, deprecated }: Pick<Version, "name" | "deprecated">, canary?: Canary): string {
  if (canary?.version === name) return `${name} canary ${Math.round(canary.share * 10_000) / 100}%`;
  if (!deprecated) return name;
  return deprecated.sunset === undefined
    ? `${name} deprecated`
    : `${name} deprecated until ${deprecated.sunset}`;
}

/** What rotates by age has no date before it has a value. */
function rotationText(rotates: boolean, next: NextRotation | undefined): string {
  if (next) return `${new Date(next.dueAt).toISOString().slice(0, 10)} ${next.environment}`;
  return rotates ? "no value yet" : "none";
}

/** @param environments names of the project's environments, in its order */
export function catalogRow(
  integration: Catalogued,
  environments: readonly string[],
  next?: NextRotation,
): CatalogRow {
  const { name, purpose, owner, active, canary, versions, baseUrl } = integration;
  const rest = versions.filter((version) => version.name !== active).toReversed();
  const first = versions.filter((version) => version.name === active);
  const served = environments.filter((environment) => (baseUrl[environment] ?? baseUrl["*"]) !== undefined);
  return {
    name,
    purpose,
    owner,
    versions: [...first, ...rest].map((version) => versionText(version, canary)).join(", "),
    environments: served.join(", "),
    rotation: rotationText(integration.rotates, next),
    status: first.some(({ deprecated }) => deprecated) ? "deprecated" : "active",
  };
}

/** Text in a table cell: no way out of the cell, no markup of its own. */
function cell(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .replace(/[\\`*_{}[\]<>#|]/g, "\\$&");
}

/** `| a | b |` → its cells, as they stand; a `|` after a backslash belongs to its cell. */
function cellsOf(line: string): string[] {
  return line
    .trim()
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((text) => text.trim());
}

/** Rows that are there, by the integration's name, as they stand. */
function existingRows(text: string): Map<string, string> {
  const rows = linesBetween(text, MARKERS).filter((line) => line.trim().startsWith("|"));
  const entries = rows
    .slice(HEAD.length)
    .map((line): [string, string] => [cellsOf(line)[0]?.replace(/^\[(.*)\]\(.*\)$/, "$1") ?? "", line]);
  return new Map(entries);
}

function rowLine(row: CatalogRow, directory: string, updated: string): string {
  const link = `[${row.name}](${directory}/${row.name}/)`;
  return `| ${[link, ...COLUMNS.map((column) => cell({ ...row, updated }[column]))].join(" | ")} |`;
}

const UPDATED = COLUMNS.indexOf("updated") + 1;
const ROTATION = COLUMNS.indexOf("rotation") + 1;

/** The row's line; its date stays where nothing else in it changed. */
function keptOrNew(row: CatalogRow, before: string | undefined, where: CatalogPlace): string {
  const since = before === undefined ? undefined : cellsOf(before)[UPDATED];
  const same = since === undefined ? undefined : rowLine(row, where.directory, since);
  return same !== undefined && same === before ? same : rowLine(row, where.directory, where.today);
}

export interface CatalogPlace {
  /** Directory of the integrations, relative to the project's root. */
  directory: string;
  /** ISO date. */
  today: string;
}

function withRows(
  before: string | undefined,
  rows: readonly CatalogRow[],
  where: CatalogPlace,
  lines: Map<string, string>,
): string {
  const text = before ?? "# Integrations\n\nThe third-party APIs that this project depends on.\n";
  const there = existingRows(text);
  for (const row of rows) lines.set(row.name, keptOrNew(row, there.get(row.name), where));
  const sorted = [...lines].sort(([a], [b]) => compareText(a, b)).map(([, line]) => line);
  return replaceBetween(text, MARKERS, [...HEAD, ...sorted]);
}

/**
 * Names of the integrations whose row is missing, says something else, or should not be there; sorted. The rotation
 * that is due is left out: it moves with every rotation, and nobody is to be told of that in each check.
 */
export function outdatedRows(text: string, rows: readonly CatalogRow[], directory: string): string[] {
  const there = existingRows(text);
  const current = rows.flatMap((row) => {
    const line = there.get(row.name) ?? "";
    const cells = cellsOf(line);
    const now = cellsOf(rowLine(row, directory, cells[UPDATED] ?? ""));
    return cells.every((text, index) => index === ROTATION || text === now[index]) &&
      cells.length === now.length
      ? [row.name]
      : [];
  });
  const names = new Set([...there.keys(), ...rows.map(({ name }) => name)]);
  return [...names].filter((name) => !current.includes(name)).sort(compareText);
}

/** Keeps INTEGRATIONS.md true of one integration; every other row stays as it is. */
export function updateCatalog(before: string | undefined, row: CatalogRow, where: CatalogPlace): string {
  return withRows(before, [row], where, existingRows(before ?? ""));
}

/** INTEGRATIONS.md with the project's integrations and no others; what stands outside the markers stays. */
export function wholeCatalog(
  before: string | undefined,
  rows: readonly CatalogRow[],
  where: CatalogPlace,
): string {
  return withRows(before, rows, where, new Map());
}
