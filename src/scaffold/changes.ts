import { diffIndices } from "node-diff3";

/** What happens to one file; the path is relative to the project's root, with forward slashes. */
export interface FileChange {
  path: string;
  /** `undefined`: there is no such file. */
  before: string | undefined;
  /** `undefined`: it goes away. */
  after: string | undefined;
}

export type Action = "create" | "update" | "remove" | "keep";

export function actionOf({ before, after }: FileChange): Action {
  if (before === after) return "keep";
  if (before === undefined) return "create";
  return after === undefined ? "remove" : "update";
}

const CONTEXT = 3;

interface Hunk {
  start: number;
  end: number;
  newStart: number;
  newEnd: number;
  lines: string[];
}

function linesOf(text: string | undefined): string[] {
  if (text === undefined || text === "") return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function hunks(before: readonly string[], after: readonly string[]): Hunk[] {
  const found: Hunk[] = [];
  for (const { buffer1, buffer2 } of diffIndices([...before], [...after])) {
    const [from, removed] = buffer1;
    const [to, added] = buffer2;
    let hunk = found.at(-1);
    if (hunk && from - hunk.end <= 2 * CONTEXT) {
      hunk.lines.push(...before.slice(hunk.end, from).map((line) => ` ${line}`));
    } else {
      const start = Math.max(0, from - CONTEXT);
      hunk = { start, end: from, newStart: to - (from - start), newEnd: to, lines: [] };
      hunk.lines.push(...before.slice(start, from).map((line) => ` ${line}`));
      found.push(hunk);
    }
    hunk.lines.push(...before.slice(from, from + removed).map((line) => `-${line}`));
    hunk.lines.push(...after.slice(to, to + added).map((line) => `+${line}`));
    hunk.end = from + removed;
    hunk.newEnd = to + added;
  }
  for (const hunk of found) {
    const rest = before.slice(hunk.end, hunk.end + CONTEXT);
    hunk.lines.push(...rest.map((line) => ` ${line}`));
    hunk.end += rest.length;
    hunk.newEnd += rest.length;
  }
  return found;
}

const range = (start: number, end: number) => `${end === start ? start : start + 1},${end - start}`;

/** A change as a unified diff that `git apply` takes. */
export function unifiedDiff({ path, before, after }: FileChange): string {
  const body = hunks(linesOf(before), linesOf(after)).map(({ start, end, newStart, newEnd, lines }) =>
    [`@@ -${range(start, end)} +${range(newStart, newEnd)} @@`, ...lines].join("\n"),
  );
  const from = before === undefined ? "/dev/null" : `a/${path}`;
  const to = after === undefined ? "/dev/null" : `b/${path}`;
  return [`--- ${from}`, `+++ ${to}`, ...body].join("\n");
}
