import type { Context } from "../../base/context.ts";
import type { Result } from "../../base/result.ts";
import { planRouter } from "../../scaffold/versions.ts";
import { catalogChange, finish, mustHave, openWorkspace } from "./workspace.ts";

export interface PromoteOptions {
  integration: string;
  version: string;
  dryRun: boolean | undefined;
}

/** `integ versions promote`: the active version, in manifest and router; a trial is over with it. */
export async function run(
  { integration: name, version, dryRun }: PromoteOptions,
  ctx: Context,
): Promise<Result> {
  const workspace = await openWorkspace(name, ctx);
  const { integration } = workspace;
  mustHave(integration, version);
  const before = integration.active;
  const state = { versions: integration.versions.map((one) => one.name), active: version };
  const edits = [
    { path: ["active"], value: version },
    { path: ["canary"], value: undefined },
  ];
  const changes = [
    ...planRouter(workspace, state, edits),
    await catalogChange(workspace, { active: version }, ctx.clock.now()),
  ];
  const next = before === version ? [] : [`next: integ versions deprecate ${name} ${before} --sunset DATE`];
  return finish(workspace, changes, { dryRun, said: `${name}@${version} is the active version`, next }, ctx);
}
