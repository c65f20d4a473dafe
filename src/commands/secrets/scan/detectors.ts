import type { Context } from "../../../base/context.ts";
import { SecretError } from "../../../base/errors.ts";
import type { Project } from "../../../config/project.ts";
import { requirePreset } from "../../../scaffold/preset.ts";
import { presetNames } from "../../../scaffold/templates.ts";
import { currentValue } from "../../../secrets/envelope.ts";
import { allSecrets } from "../../../secrets/reference.ts";
import { SecretSession } from "../../../secrets/resolve.ts";
import { type KnownValue, KnownValues } from "../../../secrets/scan/known.ts";
import { type KeyPattern, KeyPatterns } from "../../../secrets/scan/patterns.ts";
import type { Detectors } from "../../../secrets/scan/text.ts";

function presetPatterns(): KeyPattern[] {
  return presetNames().flatMap((name) => {
    const { displayName, secrets } = requirePreset(name);
    return Object.entries(secrets).flatMap(([secret, { env, pattern }]): KeyPattern[] => {
      const common = { provider: displayName, secret, variable: env };
      if (pattern === undefined) return [];
      if (typeof pattern === "string") return [{ ...common, pattern }];
      const live: KeyPattern = { ...common, kind: "live", pattern: pattern.live };
      return pattern.test === undefined ? [live] : [live, { ...common, kind: "test", pattern: pattern.test }];
    });
  });
}

function manifestPatterns(project: Project): KeyPattern[] {
  return allSecrets(project).flatMap(({ policy, integration }) =>
    Object.values(policy.pattern).map((regex) => ({
      provider: integration.name,
      secret: policy.name,
      variable: policy.env,
      pattern: regex.source,
    })),
  );
}

/** What is in use now, of every environment whose store opens. */
async function storedValues(project: Project, ctx: Context): Promise<KnownValue[]> {
  const session = new SecretSession(project, ctx);
  const values: KnownValue[] = [];
  for (const environment of project.config.environments) {
    try {
      const envelope = (await session.stored(environment))?.envelope;
      if (!envelope) continue;
      for (const secret of Object.keys(envelope.secrets)) {
        const value = currentValue(envelope, secret);
        if (value !== undefined) values.push({ secret, environment: environment.name, value });
      }
    } catch (error) {
      if (!(error instanceof SecretError)) throw error;
      ctx.io.note(`the values of ${environment.name} are not looked for: ${error.message}`);
    }
  }
  return values;
}

/** What is looked for: keys by presets and manifests, and the values that the project's stores hold. */
export async function detectorsFor(
  project: Project | undefined,
  { stored }: { stored: boolean },
  ctx: Context,
): Promise<Detectors> {
  const patterns = [...presetPatterns(), ...(project ? manifestPatterns(project) : [])];
  const known = project && stored ? await storedValues(project, ctx) : [];
  return { patterns: new KeyPatterns(patterns), known: new KnownValues(known) };
}
