import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result } from "../../base/result.ts";
import { planRetire } from "../../scaffold/versions.ts";
import { filesBelow, findUses } from "./usage.ts";
import { catalogChange, finish, mustHave, onTrial, openWorkspace, type Workspace } from "./workspace.ts";

export interface RetireOptions {
  integration: string;
  version: string;
  dryRun: boolean | undefined;
}

async function mustBeUnused({ project, integration }: Workspace, version: string): Promise<void> {
  const name = `${integration.name}@${version}`;
  const refuse = (why: string, hint: string) =>
    new UsageError(`${name} cannot be retired: ${why}; nothing was removed`, {
      code: "versions/in-use",
      hint,
    });
  if (integration.active === version) {
    throw refuse("it is the active version", `integ versions promote ${integration.name} VERSION   first`);
  }
  if (integration.canary?.version === version) {
    throw refuse("it is on trial", `integ versions canary ${integration.name} ${version} 0%   first`);
  }
  const uses = await findUses(project.root, integration.directory, integration.name, version);
  if (uses.length === 0) return;
  const places = uses.slice(0, 5).map(({ file, line }) => `${file}:${line}`);
  const more = uses.length > places.length ? ` and ${uses.length - places.length} more` : "";
  throw refuse(`still used at ${places.join(", ")}${more}`, "move these to another version first");
}

/** `integ versions retire`: only what nothing uses; git keeps what is gone. */
export async function run(
  { integration: name, version, dryRun }: RetireOptions,
  ctx: Context,
): Promise<Result> {
  const workspace = await openWorkspace(name, ctx);
  const { integration, project } = workspace;
  mustHave(integration, version);
  await mustBeUnused(workspace, version);
  const directory = integration.versions.find((one) => one.name === version)?.directory ?? "";
  const files = await filesBelow(project.root, directory);
  const versions = integration.versions.filter((one) => one.name !== version);
  const changes = [
    ...planRetire(workspace, version, files),
    await catalogChange(workspace, { ...onTrial(integration), versions }, ctx.clock.now()),
  ];
  return finish(workspace, changes, { dryRun, said: `${name}@${version} is retired`, next: [] }, ctx);
}
