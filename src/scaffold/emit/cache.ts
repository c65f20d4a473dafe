import { commentText } from "./literal.ts";

/** How long answers to reads are kept; methods refer to it. */
export function emitKept(display: string): string {
  return [
    "/**",
    " * How long answers to reads are kept, in milliseconds: given again without asking, and given",
    ` * where ${commentText(display)} cannot answer. A call's own \`cache\` comes first.`,
    " */",
    "const kept = { freshMs: 60_000, staleMs: 86_400_000 };",
    "",
  ].join("\n");
}
