import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result } from "../../base/result.ts";
import { date } from "../../config/schema/values.ts";
import { manifestChange } from "../../scaffold/versions.ts";
import { catalogChange, finish, mustHave, onTrial, openWorkspace } from "./workspace.ts";

export interface DeprecateOptions {
  integration: string;
  version: string;
  sunset: string | undefined;
  reason: string | undefined;
  dryRun: boolean | undefined;
}

/** `integ versions deprecate`: a note in the manifest that lists, catalog and checks read. */
export async function run(options: DeprecateOptions, ctx: Context): Promise<Result> {
  const { integration: name, version, sunset, reason } = options;
  if (sunset !== undefined && !date.safeParse(sunset).success) {
    throw new UsageError(`--sunset '${sunset}' is not a date such as 2027-03-01`, {
      code: "usage/invalid-value",
    });
  }
  const workspace = await openWorkspace(name, ctx);
  mustHave(workspace.integration, version);
  const value = { ...(sunset === undefined ? {} : { sunset }), ...(reason === undefined ? {} : { reason }) };
  const versions = workspace.integration.versions.map((one) =>
    one.name === version ? { ...one, deprecated: value } : one,
  );
  const changes = [
    manifestChange(workspace, [{ path: ["versions", version, "deprecated"], value }]),
    await catalogChange(workspace, { ...onTrial(workspace.integration), versions }, ctx.clock.now()),
  ];
  const until = sunset === undefined ? "" : `; its last day is ${sunset}`;
  const said = `${name}@${version} is deprecated${until}`;
  const next = [`next: integ versions retire ${name} ${version}   once nothing uses it`];
  return finish(workspace, changes, { dryRun: options.dryRun, said, next }, ctx);
}
