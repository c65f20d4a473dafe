import { relative } from "node:path";
import type { Target } from "../../config/project.ts";

/** A file as the user would name it. */
export const shown = (file: string, cwd: string): string => {
  const path = relative(cwd, file);
  return path === "" || path.startsWith("..") ? file : path;
};

/** The command that accepts what was found at these targets. */
export function acceptHint(targets: readonly Target[]): string {
  const labels = targets.map(({ label }) => label);
  return `integ accept ${labels.length > 3 ? "" : labels.join(" ")}`.trim();
}
