import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result } from "../../base/result.ts";
import { planRouter } from "../../scaffold/versions.ts";
import { catalogChange, finish, mustHave, openWorkspace } from "./workspace.ts";

export interface CanaryOptions {
  integration: string;
  version: string;
  share: string;
  dryRun: boolean | undefined;
}

/** Percent with at most two decimals: the router counts in ten-thousandths. */
function parsePercent(text: string): number {
  const number = /^(\d{1,3}(?:\.\d{1,2})?)%?$/.exec(text)?.[1];
  if (number !== undefined && Number(number) <= 100) return Number(number);
  throw new UsageError(`'${text}' is not a share from 0% to 100%, such as 10%`, {
    code: "usage/invalid-value",
  });
}

/** `integ versions canary`: the manifest and the router together. */
export async function run(options: CanaryOptions, ctx: Context): Promise<Result> {
  const percent = parsePercent(options.share);
  const workspace = await openWorkspace(options.integration, ctx);
  const { integration } = workspace;
  mustHave(integration, options.version);
  if (integration.active === options.version) {
    throw new UsageError(
      `${integration.name}@${options.version} is the active version, so it has everything already`,
      {
        code: "versions/canary-active",
      },
    );
  }
  const versions = integration.versions.map(({ name }) => name);
  const on = percent > 0;
  const canary = on ? { canary: { version: options.version, percent } } : {};
  const state = { versions, active: integration.active, ...canary };
  const trial = on ? { canary: { version: options.version, share: percent / 100 } } : {};
  const value = on ? { version: options.version, share: `${percent}%` } : undefined;
  const changes = [
    ...planRouter(workspace, state, [{ path: ["canary"], value }]),
    await catalogChange(workspace, trial, ctx.clock.now()),
  ];
  const said = on
    ? `${integration.name}@${options.version} gets ${percent}% of the keys`
    : `${integration.name}@${options.version} is no longer on trial`;
  const next = on ? [`next: integ check ${integration.name}@${options.version}`] : [];
  return finish(workspace, changes, { dryRun: options.dryRun, said, next }, ctx);
}
