import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result } from "../../base/result.ts";
import { planNewVersion } from "../../scaffold/versions.ts";
import { filesBelow } from "./usage.ts";
import { catalogChange, finish, onTrial, openWorkspace } from "./workspace.ts";

export interface AddOptions {
  integration: string;
  version: string;
  dryRun: boolean | undefined;
}

/** @throws UsageError where it is no version's name */
export function checkVersion(version: string): string {
  if (/^v[1-9]\d{0,5}$/.test(version)) return version;
  throw new UsageError(`--version '${version}' is not a version such as v2`, { code: "usage/invalid-value" });
}

/** `integ scaffold NAME --version v2`: from the active version's code, edits included. */
export async function run({ integration: name, version, dryRun }: AddOptions, ctx: Context): Promise<Result> {
  checkVersion(version);
  const workspace = await openWorkspace(name, ctx);
  const { integration, project, place } = workspace;
  const from = integration.active;
  const directory = integration.versions.find((one) => one.name === from)?.directory ?? "";
  const home = `${place.directory}/${name}/${from}`;
  const sources = (await filesBelow(project.root, directory)).filter(
    (path) => !path.startsWith(`${home}/contract/`),
  );
  const versions = [...integration.versions, { name: version, headers: {}, directory }];
  const changes = [
    ...planNewVersion(workspace, { from, to: version, sources }),
    await catalogChange(workspace, { ...onTrial(integration), versions }, ctx.clock.now()),
  ];
  const next = [
    `next: edit ${place.directory}/${name}/${version}/ and its headers in integration.yaml`,
    `next: integ record ${name}@${version}`,
    `next: integ versions canary ${name} ${version} 10%`,
  ];
  return finish(
    workspace,
    changes,
    { dryRun, said: `${name}@${version} begins as ${name}@${from} is`, next },
    ctx,
  );
}
