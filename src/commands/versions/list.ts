import type { Context } from "../../base/context.ts";
import type { Result } from "../../base/result.ts";
import { loadProject } from "../../config/load.ts";
import type { Integration, Version } from "../../config/project.ts";
import { renderTable } from "../../report/table.ts";
import { findIntegration } from "./workspace.ts";

interface Row {
  integration: string;
  version: string;
  state: "active" | "canary" | "idle";
  /** 0 to 1; of a canary. */
  share?: number;
  deprecated: boolean;
  sunset?: string;
  reason?: string;
}

function rowOf({ name, active, canary }: Integration, version: Version): Row {
  const onTrial = canary?.version === version.name ? canary : undefined;
  return {
    integration: name,
    version: version.name,
    state: version.name === active ? "active" : onTrial ? "canary" : "idle",
    ...(onTrial ? { share: onTrial.share } : {}),
    deprecated: version.deprecated !== undefined,
    ...version.deprecated,
  };
}

function stateText({ state, share }: Row): string {
  return share === undefined ? state : `${state} ${Math.round(share * 10_000) / 100}%`;
}

function outlook({ deprecated, sunset, reason }: Row): string {
  const until = sunset === undefined ? "deprecated" : `deprecated, until ${sunset}`;
  return deprecated ? [until, reason].filter((text) => text !== undefined).join(": ") : "";
}

/** `integ versions list`. */
export async function run(options: { integrations: string[] }, ctx: Context): Promise<Result> {
  const project = await loadProject({ cwd: ctx.cwd, configFile: ctx.configFile });
  const chosen =
    options.integrations.length === 0
      ? project.integrations
      : options.integrations.map((name) => findIntegration(project, name));
  const rows = chosen.flatMap((integration) =>
    integration.versions.map((version) => rowOf(integration, version)),
  );
  return {
    data: { versions: rows },
    text: ({ style, columns }) =>
      rows.length === 0
        ? "no integrations yet"
        : renderTable(
            ["Integration", "Version", "State", "Outlook"],
            rows.map((row) => [row.integration, row.version, stateText(row), outlook(row)]),
            { style, columns },
          ),
  };
}
