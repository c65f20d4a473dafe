import type { Result } from "../../base/result.ts";
import { renderTable } from "../../report/table.ts";
import { requirePreset } from "../../scaffold/preset.ts";
import { presetNames } from "../../scaffold/templates.ts";

/** `integ presets list`. */
export async function run(): Promise<Result> {
  const presets = presetNames().map(requirePreset);
  return {
    data: {
      presets: presets.map(({ name, displayName, purpose, endpoints, webhook }) => ({
        name,
        displayName,
        purpose,
        endpoints: Object.keys(endpoints),
        webhook: webhook !== undefined,
      })),
    },
    text: ({ style, columns }) =>
      renderTable(
        ["Preset", "Purpose", "Endpoints"],
        presets.map(({ name, purpose, endpoints }) => [name, purpose, Object.keys(endpoints).join(", ")]),
        { style, columns },
      ),
    next: ["next: integ scaffold NAME   writes the module"],
  };
}
