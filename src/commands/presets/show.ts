import { stringify } from "yaml";
import type { Result } from "../../base/result.ts";
import { requirePreset } from "../../scaffold/preset.ts";

/** `integ presets show`: the facts as they stand in the preset, each with its source. */
export async function run({ name }: { name: string }): Promise<Result> {
  const { schemas, samples, ...facts } = requirePreset(name);
  const variables = Object.entries(facts.variables ?? {}).map(([key, value]) => ` --set ${key}=${value}`);
  const settings = variables.some((text) => /\s/.test(text.trim().slice(6)))
    ? " --set …"
    : variables.join("");
  return {
    data: { preset: { ...facts, responses: Object.keys(samples), schemas: schemas !== undefined } },
    text: () => stringify(facts, { lineWidth: 0 }).trimEnd(),
    next: [`next: integ scaffold ${name}${settings}`],
  };
}
