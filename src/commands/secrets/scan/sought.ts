import type { Context } from "../../../base/context.ts";
import type { Project } from "../../../config/project.ts";
import type { Sought } from "../../../secrets/scan/detectors.ts";
import type { KeyPattern } from "../../../secrets/scan/patterns.ts";
import { PRESET_PATTERNS } from "../../../secrets/scan/preset-patterns.ts";

function manifestPatterns(project: Project): KeyPattern[] {
  return project.integrations.flatMap((integration) =>
    integration.secrets.flatMap((policy) =>
      Object.values(policy.pattern).map((regex) => ({
        provider: integration.name,
        secret: policy.name,
        variable: policy.env,
        pattern: regex.source,
      })),
    ),
  );
}

/** What is looked for: keys by presets and manifests, and the values that the project's stores hold. */
export async function soughtIn(
  project: Project | undefined,
  { stored }: { stored: boolean },
  ctx: Context,
): Promise<Sought> {
  const patterns = [...PRESET_PATTERNS, ...(project ? manifestPatterns(project) : [])];
  if (!project || !stored) return { patterns, known: [] };
  // Opening stores takes their libraries; most scans before a commit go without.
  const { storedValues } = await import("./stored-values.ts");
  return { patterns, known: await storedValues(project, ctx) };
}
