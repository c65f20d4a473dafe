import type { Style } from "../../base/result.ts";

/** What happens to one name. */
export interface Change {
  name: string;
  change: "added" | "changed" | "unchanged" | "undeclared";
}

const MARKS: Readonly<Record<Change["change"], [string, keyof Style]>> = {
  added: ["+", "green"],
  changed: ["~", "yellow"],
  unchanged: ["=", "dim"],
  undeclared: ["?", "dim"],
};

/** `+ stripe/api_key`, one line each; names, never values. */
export function renderChanges(changes: readonly Change[], style: Style): string {
  return changes
    .map(({ name, change }) => {
      const [mark, tone] = MARKS[change];
      const why = change === "undeclared" ? "  no manifest declares it; left out" : `  ${change}`;
      return `${style[tone](`${mark} ${name}`)}${style.dim(why)}`;
    })
    .join("\n");
}
