import type { Context } from "../base/context.ts";
import type { Finding } from "../base/finding.ts";
import type { Result, Style } from "../base/result.ts";
import { plural } from "../base/text.ts";
import { subjectOf } from "../check/availability.ts";
import { type Consult, consult } from "../check/consumer/consult.ts";
import { openConsumerHost } from "../check/consumer/host.ts";
import { schemaLocator } from "../check/consumer/source/locate.ts";
import { type Usage, usageOf } from "../check/consumer/usage.ts";
import { type Field, fieldsOf } from "../check/fields.ts";
import { parsePath } from "../check/path.ts";
import { loadProject } from "../config/load.ts";
import type { Target } from "../config/project.ts";
import { resolveTargets } from "../config/targets.ts";
import { contractFile, readContract } from "../contract/store.ts";
import { type Cell, renderFindings, renderTable } from "../report/terminal.ts";

export interface UsageOptions {
  targets: readonly string[];
  env: string | undefined;
  unused: boolean | undefined;
}

/** A place of the response, and what our schema wants of it. */
interface FieldUse extends Field {
  usage: Usage;
  /** `src/integrations/stripe/v1/schemas.ts:12`. */
  line?: string;
}

interface EndpointUse {
  target: Target;
  /** Absent where it is not known: no contract, no consumer, or schemas that cannot be loaded. */
  fields?: FieldUse[];
  why?: string;
  findings: readonly Finding[];
}

async function usesOf(target: Target, room: Consult): Promise<EndpointUse> {
  const unknown = (why: string, findings: readonly Finding[] = []): EndpointUse => ({
    target,
    why,
    findings,
  });
  const consumer = await room.consumer(target);
  if (!consumer) return unknown("the manifest names no `consumer`");
  if ("findings" in consumer) return unknown("its schema cannot be had", consumer.findings);
  const { jsonSchema } = consumer;
  if (!jsonSchema) return unknown("its schema has no JSON Schema");
  const contract = await readContract(contractFile(target));
  if (!contract) return unknown("it has no contract yet: integ record");
  const fields = fieldsOf(contract.shape).map((field): FieldUse => {
    const path = parsePath(field.path) ?? [];
    const usage = usageOf(jsonSchema, path);
    const place = usage === "required" || usage === "optional" ? consumer.place(path) : undefined;
    return { ...field, usage, ...(place ? { line: `${place.file}:${place.line}` } : {}) };
  });
  return { target, fields, findings: [] };
}

const WORD: Readonly<Record<Usage, { text: string; tone: keyof Style }>> = {
  required: { text: "needed", tone: "green" },
  optional: { text: "read", tone: "green" },
  open: { text: "unknown", tone: "yellow" },
  closed: { text: "refused", tone: "red" },
  unused: { text: "unused", tone: "dim" },
};

const isUsed = ({ usage }: FieldUse) => usage === "required" || usage === "optional";

function tableOf(
  { target, fields, why }: EndpointUse,
  unused: boolean,
  style: Style,
  columns: number,
): string {
  const title = style.bold(target.label);
  if (!fields) return `${title}\n  ${style.dim(`unknown: ${why}`)}`;
  const shown = unused ? fields.filter((field) => !isUsed(field)) : fields;
  const head = `${title}  ${style.dim(`${fields.filter(isUsed).length} of ${plural(fields.length, "field")} used`)}`;
  if (shown.length === 0) return head;
  const rows = shown.map(({ path, type, usage, line }): Cell[] => [path, type, WORD[usage], line ?? ""]);
  return `${head}\n${renderTable(["field", "type", "our schema", "line"], rows, { style, columns })}`;
}

/**
 * `integ usage`: which fields of a recorded response our schema needs, reads or never looks at.
 * @throws ConfigError, UsageError
 */
export async function run(options: UsageOptions, ctx: Context): Promise<Result> {
  const project = await loadProject({ cwd: ctx.cwd, configFile: ctx.configFile });
  const targets = resolveTargets(project, options.targets, { env: options.env });
  const host = openConsumerHost();
  try {
    const room = consult({ host, locator: schemaLocator(), cwd: ctx.cwd });
    const uses: EndpointUse[] = [];
    for (const target of targets) uses.push(await usesOf(target, room));
    const findings = [
      ...new Map(uses.flatMap((use) => use.findings.map((one) => [one.fingerprint, one] as const))).values(),
    ];
    return {
      findings,
      data: {
        endpoints: uses.map(({ target, fields, why }) => ({
          ...subjectOf(target),
          ...(fields ? { fields } : { unknown: why }),
        })),
      },
      text: ({ style, columns }) =>
        [
          ...uses.map((use) => tableOf(use, options.unused === true, style, columns)),
          ...(findings.length > 0 ? [renderFindings(findings, { style, columns })] : []),
        ].join("\n\n"),
    };
  } finally {
    host.close();
  }
}
