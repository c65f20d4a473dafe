import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { requirePreset } from "../../src/scaffold/preset.ts";
import { presetNames } from "../../src/scaffold/templates.ts";
import type { KeyPattern } from "../../src/secrets/scan/patterns.ts";
import { PRESET_PATTERNS } from "../../src/secrets/scan/preset-patterns.ts";

const FILE = fileURLToPath(new URL("../../src/secrets/scan/preset-patterns.ts", import.meta.url));
const UPDATE =
  "INTEG_UPDATE=1 npx vitest run test/secrets/preset-patterns.test.ts && npx biome check --write src/secrets";

function patternsOf(name: string): KeyPattern[] {
  const { displayName: provider, secrets } = requirePreset(name);
  return Object.entries(secrets).flatMap(([secret, { env: variable, pattern }]): KeyPattern[] => {
    if (pattern === undefined) return [];
    const common = { provider, secret, variable };
    if (typeof pattern === "string") return [{ ...common, pattern }];
    const test =
      pattern.test === undefined ? [] : [{ ...common, kind: "test" as const, pattern: pattern.test }];
    return [{ ...common, kind: "live", pattern: pattern.live }, ...test];
  });
}

test(`what a scan knows of keys is what the presets say; after a change: ${UPDATE}`, () => {
  const patterns = presetNames().flatMap(patternsOf);
  if (process.env.INTEG_UPDATE === "1") {
    writeFileSync(
      FILE,
      [
        `import type { KeyPattern } from "./patterns.ts";`,
        "",
        "/**",
        " * What templates/presets/ say that keys look like, made from them: reading twenty documents at every scan would cost more",
        " * than looking through a thousand files.",
        " */",
        `export const PRESET_PATTERNS: readonly KeyPattern[] = ${JSON.stringify(patterns, undefined, 2)};`,
        "",
      ].join("\n"),
    );
  }
  expect(PRESET_PATTERNS).toEqual(patterns);
});
