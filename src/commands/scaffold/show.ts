import type { Result, Style } from "../../base/result.ts";
import { neutralize, plural } from "../../base/text.ts";
import { actionOf, type FileChange, unifiedDiff } from "../../scaffold/changes.ts";
import { BASE_DIRECTORY } from "../../scaffold/lock.ts";

const WORDS = { create: "created", update: "updated", remove: "removed", keep: "left as it is" } as const;

function coloured(diff: string, style: Style): string {
  const paint = (line: string) => {
    if (/^(---|\+\+\+) /.test(line)) return style.bold(line);
    if (line.startsWith("+")) return style.green(line);
    return line.startsWith("-") ? style.red(line) : line;
  };
  return neutralize(diff, { multiline: true }).split("\n").map(paint).join("\n");
}

/** A plan for people: what was done to which file, or, before it is done, the whole of it as a diff. */
export function showChanges(changes: readonly FileChange[], dryRun: boolean, style: Style): string {
  const open = changes.filter((change) => actionOf(change) !== "keep");
  if (open.length === 0) return "everything is there already; nothing to do";
  // Pristine copies are ours; a person reviews the rest.
  const shown = open.filter(({ path }) => !path.startsWith(`${BASE_DIRECTORY}/`));
  if (dryRun) return shown.map((change) => coloured(unifiedDiff(change), style)).join("\n");
  const lines = shown.map(
    (change) => `${style.green(WORDS[actionOf(change)].padEnd(8))} ${neutralize(change.path)}`,
  );
  const copies = open.length - shown.length;
  if (copies > 0) {
    const what = `${plural(copies, "pristine copy", "pristine copies")} in ${BASE_DIRECTORY}/`;
    lines.push(`${style.green("created ")} ${what}`);
  }
  return lines.join("\n");
}

/** A plan for programs. */
export function changesData(changes: readonly FileChange[], dryRun: boolean): NonNullable<Result["data"]> {
  return { dryRun, files: changes.map((change) => ({ path: change.path, action: actionOf(change) })) };
}

export const NOTHING_WRITTEN = "nothing was written (--dry-run)";
