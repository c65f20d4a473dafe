import { compareText } from "../base/finding.ts";
import { CATALOG_BEGIN, CATALOG_END } from "../config/catalog.ts";
import { linesBetween, replaceBetween } from "./registry.ts";

/** One line of INTEGRATIONS.md. */
export interface CatalogRow {
  name: string;
  purpose: string;
  owner: string;
  /** `v1`, or `v2 (canary v3 10%)`. */
  version: string;
  /** ISO date. */
  updated: string;
  status: string;
}

const HEAD = [
  "| Integration | Purpose | Owner | Version | Last updated | Status |",
  "| --- | --- | --- | --- | --- | --- |",
];
const MARKERS = { begin: CATALOG_BEGIN, end: CATALOG_END };

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

function rowLine(row: CatalogRow, directory: string): string {
  const link = `[${row.name}](${directory}/${row.name}/)`;
  const cells = [link, ...[row.purpose, row.owner, row.version, row.updated, row.status].map(cell)];
  return `| ${cells.join(" | ")} |`;
}

/**
 * Keeps INTEGRATIONS.md true of one integration; every other row stays as it is, so that a date in it stays true too.
 * @param directory of the integrations, relative to the project's root
 */
export function updateCatalog(before: string | undefined, row: CatalogRow, directory: string): string {
  const text = before ?? "# Integrations\n\nThe third-party APIs that this project depends on.\n";
  const rows = existingRows(text);
  rows.set(row.name, rowLine(row, directory));
  const lines = [...rows].sort(([a], [b]) => compareText(a, b)).map(([, line]) => line);
  return replaceBetween(text, MARKERS, [...HEAD, ...lines]);
}
