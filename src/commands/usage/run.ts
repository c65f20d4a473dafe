import type { Context } from "../../base/context.ts";
import type { Result } from "../../base/result.ts";
import { consult } from "../../check/consumer/consult.ts";
import { openConsumerHost } from "../../check/consumer/host.ts";
import { schemaLocator } from "../../check/consumer/source/locate.ts";
import { applyRuleSeverities } from "../../check/outcome/overrides.ts";
import { subjectOf } from "../../check/seen/availability.ts";
import { loadProject } from "../../config/load.ts";
import { resolveTargets } from "../../config/targets.ts";
import { renderFindings } from "../../report/terminal.ts";
import { type EndpointUse, usesOf } from "./fields.ts";
import { addReaders } from "./readers.ts";
import { tableOf } from "./text.ts";

export interface UsageOptions {
  targets: readonly string[];
  env: string | undefined;
  unused: boolean | undefined;
}

/**
 * `integ usage`: which fields of a recorded response our schema needs, reads or never looks at, and which code reads them
 * through its type.
 * @throws ConfigError, UsageError
 */
export async function run(options: UsageOptions, ctx: Context): Promise<Result> {
  const project = await loadProject({ cwd: ctx.cwd, configFile: ctx.configFile });
  const targets = resolveTargets(project, options.targets, { env: options.env });
  const host = openConsumerHost();
  try {
    const locator = schemaLocator();
    const room = consult({ host, locator: async () => locator, cwd: ctx.cwd });
    const plain: EndpointUse[] = [];
    for (const target of targets) plain.push(await usesOf(target, room, ctx.cwd));
    const { uses, unknown } = await addReaders(plain, project, locator, ctx);
    ctx.signal.throwIfAborted();
    const found = new Map(uses.flatMap((use) => use.findings.map((one) => [one.fingerprint, one] as const)));
    const findings = applyRuleSeverities([...found.values()], project.config.rules);
    return {
      findings,
      data: {
        endpoints: uses.map(({ target, fields, why }) => ({
          ...subjectOf(target),
          ...(fields ? { fields } : { unknown: why }),
        })),
        ...(unknown === undefined ? {} : { readersUnknown: unknown }),
      },
      text: ({ style, columns }) =>
        [
          ...uses.map((use) => tableOf(use, options.unused === true, style, columns)),
          ...(unknown === undefined ? [] : [style.dim(`Which code reads them is not known: ${unknown}`)]),
          ...(findings.length > 0 ? [renderFindings(findings, { style, columns })] : []),
        ].join("\n\n"),
    };
  } finally {
    host.close();
  }
}
