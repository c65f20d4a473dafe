import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A block of a document that tests run: three backticks and `sh run`, then words such as `drifted` and `exit=1`. */
export interface RunnableBlock {
  lines: string;
  /** Where it begins, from 1. */
  line: number;
  words: readonly string[];
  /** What it has to end with. */
  exitCode: number;
}

export const repositoryFile = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export function readDocument(path: string): string {
  return readFileSync(repositoryFile(path), "utf8");
}

/** All blocks that are to be run, in order. */
export function runnableBlocks(markdown: string): RunnableBlock[] {
  return [...markdown.matchAll(/^```sh run(.*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const words = (match[1] ?? "").trim().split(/\s+/).filter(Boolean);
    const exit = words.find((word) => word.startsWith("exit="));
    return {
      lines: match[2] ?? "",
      line: markdown.slice(0, match.index).split("\n").length,
      words,
      exitCode: exit === undefined ? 0 : Number(exit.slice("exit=".length)),
    };
  });
}

/** What stands between `<!-- integ:NAME:begin -->` and `<!-- integ:NAME:end -->`. */
export function generatedPart(markdown: string, name: string): string {
  const [, rest = ""] = markdown.split(`<!-- integ:${name}:begin -->\n`);
  return rest.split(`<!-- integ:${name}:end -->`)[0] ?? "";
}

/** A Markdown table with padded columns. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return `${[line(head), rule, ...rows.map(line)].join("\n")}\n`;
}
