import type { Context } from "../../base/context.ts";
import type { FailOn } from "../../base/exit-policy.ts";
import type { Result } from "../../base/result.ts";
import type { Project } from "../../config/project.ts";
import { resolveEnvironment } from "../../config/targets.ts";
import { createHttpClient } from "../../http/client.ts";
import { exitCodeOfLooks, findingsOf, type Look, withoutSilenced } from "./look.ts";
import { lookAtCache, lookAtStoresHere, lookAtTrust, thisNode } from "./machine.ts";
import { lookAtProviders, lookAtProxies } from "./network.ts";
import { lookAtCatalog, lookAtConfig, lookAtContracts } from "./project.ts";
import { lookAtSecrets } from "./secrets.ts";
import { render } from "./text.ts";

export interface DoctorOptions {
  env: string | undefined;
  offline: boolean | undefined;
  failOn: string | undefined;
}

async function lookAtProject(project: Project, options: DoctorOptions, ctx: Context): Promise<Look[]> {
  const environment = resolveEnvironment(project, options.env);
  const looks = [
    ...(await lookAtSecrets(project, environment, ctx)),
    ...(await lookAtContracts(project, environment)),
    ...(await lookAtCatalog(project, ctx.clock.now())),
  ];
  if (options.offline) return looks;
  const client = createHttpClient({ env: ctx.env, clock: ctx.clock });
  try {
    return [...looks, ...(await lookAtProviders(project, environment, { client, ctx }))];
  } finally {
    await client.close();
  }
}

/**
 * `integ doctor`: whether this machine and this project have what the other commands need, and what to do where not.
 * @throws UsageError for an environment that there is not
 */
export async function run(options: DoctorOptions, ctx: Context): Promise<Result> {
  const { look, project } = await lookAtConfig(ctx);
  const rules = project?.config.rules ?? {};
  const all = [
    thisNode,
    lookAtCache(ctx.env),
    ...(await lookAtTrust(ctx.env)),
    lookAtProxies(ctx.env),
    look,
    ...(project ? [] : [await lookAtStoresHere(process.platform, ctx.env)]),
    ...(project ? await lookAtProject(project, options, ctx) : []),
  ];
  ctx.signal.throwIfAborted();
  const looks = withoutSilenced(all, rules);
  const findings = findingsOf(looks, rules);
  return {
    findings,
    exitCode: exitCodeOfLooks(looks, findings, (options.failOn as FailOn | undefined) ?? "error"),
    data: { checks: looks },
    text: ({ style, columns }) => render(looks, style, columns),
  };
}
