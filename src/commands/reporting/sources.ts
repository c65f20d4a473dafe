import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Finding } from "../../base/finding.ts";

/** The files that findings point at, for their code frames; one that cannot be read has none. */
export function sourcesOf(findings: readonly Finding[], cwd: string): Map<string, string> {
  const sources = new Map<string, string>();
  for (const file of new Set(findings.flatMap(({ location }) => (location ? [location.file] : [])))) {
    try {
      sources.set(file, readFileSync(resolve(cwd, file), "utf8"));
    } catch {
      // The place is still named; only the frame is missing.
    }
  }
  return sources;
}
