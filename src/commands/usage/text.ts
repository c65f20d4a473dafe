import type { Style } from "../../base/result.ts";
import { plural } from "../../base/text.ts";
import type { Usage } from "../../check/consumer/usage.ts";
import { type Cell, renderTable } from "../../report/terminal.ts";
import { type EndpointUse, type FieldUse, isUsed } from "./fields.ts";

const WORD: Readonly<Record<Usage, { text: string; tone: keyof Style }>> = {
  required: { text: "needed", tone: "green" },
  optional: { text: "read", tone: "green" },
  open: { text: "unknown", tone: "yellow" },
  closed: { text: "refused", tone: "red" },
  unused: { text: "unused", tone: "dim" },
};

/** Our schema does not read it, or does and no code takes it from there. */
const isIdle = (field: FieldUse) =>
  !isUsed(field) || (field.readBy?.length === 0 && field.passedOnAt?.length === 0);

const PLACES_SHOWN = 2;

function readersCell({ readBy, passedOnAt = [] }: FieldUse): Cell {
  if (!readBy) return "";
  const places = [...readBy, ...passedOnAt.map((place) => `${place} (whole)`)];
  if (places.length === 0) return { text: "nobody", tone: "dim" };
  const more = places.length - PLACES_SHOWN;
  return `${places.slice(0, PLACES_SHOWN).join(", ")}${more > 0 ? ` +${more}` : ""}`;
}

/** The table of one endpoint; with `unused` only what nobody needs. */
export function tableOf(
  { target, fields, why }: EndpointUse,
  unused: boolean,
  style: Style,
  columns: number,
): string {
  const title = style.bold(target.label);
  if (!fields) return `${title}\n  ${style.dim(`unknown: ${why}`)}`;
  const shown = unused ? fields.filter(isIdle) : fields;
  const head = `${title}  ${style.dim(`${fields.filter(isUsed).length} of ${plural(fields.length, "field")} used`)}`;
  if (shown.length === 0) return head;
  const known = shown.some(({ readBy }) => readBy !== undefined);
  const rows = shown.map((field): Cell[] => {
    const { path, type, usage, line = "" } = field;
    return [path, type, WORD[usage], line, ...(known ? [readersCell(field)] : [])];
  });
  const titles = ["field", "type", "our schema", "line", ...(known ? ["read at"] : [])];
  return `${head}\n${renderTable(titles, rows, { style, columns })}`;
}
