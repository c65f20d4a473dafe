import * as z from "zod";
import { SEVERITIES } from "../base/finding.ts";

const position = z.int().min(1);

const location = z
  .object({
    file: z
      .string()
      .meta({ description: "Relative to the directory the command ran in, with forward slashes." }),
    line: position.meta({ description: "From 1." }),
    column: position.meta({ description: "From 1, in UTF-16 code units." }),
    endLine: position.optional().meta({ description: "Line on which the place ends." }),
    endColumn: position.optional().meta({ description: "Column after the place's last character." }),
  })
  .meta({ description: "The line of the user's files that the finding is about." });

export const findingSchema = z
  .object({
    rule: z
      .string()
      .regex(/^[a-z0-9-]+\/[a-z0-9-]+$/)
      .meta({ description: "Stable id of the rule: `contract/property-removed`, `secret/overdue`." }),
    severity: z.enum(SEVERITIES).meta({
      description:
        "`inconclusive`: it could not be judged, for a reason outside the project. Never a pass, never a break.",
    }),
    message: z.string().meta({ description: "One sentence: what changed, in the reader's words." }),
    help: z.string().optional().meta({ description: "What to do next, as a command where there is one." }),
    integration: z.string().optional().meta({ description: "Name of the integration." }),
    version: z.string().optional().meta({ description: "Version of its module: `v1`." }),
    environment: z.string().optional().meta({ description: "Name of the environment." }),
    endpoint: z.string().optional().meta({ description: "Name of the endpoint, or a URL." }),
    path: z
      .string()
      .optional()
      .meta({ description: "JSONPath (RFC 9535), wildcards for array items: `$.data[*].email`." }),
    before: z.unknown().optional().meta({ description: "What was expected." }),
    after: z.unknown().optional().meta({ description: "What there is now." }),
    evidence: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: "What the finding rests on; its members depend on the rule." }),
    location: location.optional(),
    waiver: z
      .object({
        reason: z.string().meta({ description: "Why it is accepted." }),
        until: z.string().meta({ description: "ISO date, the last day on which the waiver holds." }),
      })
      .optional()
      .meta({ description: "Present where a waiver of the configuration covers the finding." }),
    fingerprint: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .meta({ description: "The same for the same thing across runs and machines." }),
  })
  .meta({ description: "One thing that a command has to say." });

const count = z.int().min(0);

const problem = z.object({
  code: z.string().meta({ description: "Stable id: `config/unknown-key`." }),
  message: z.string().meta({ description: "What is wrong." }),
  location: location.optional(),
  frame: z.string().optional().meta({ description: "The lines around the place." }),
  hint: z.string().optional().meta({ description: "What to do." }),
});

const head = {
  report: z.literal("integ/1").meta({ description: "Format and its generation." }),
};

export const reportSchema = z.looseObject({
  ...head,
  command: z.string().meta({ description: "`check`, `diff`, `probe`, `secrets list` …" }),
  startedAt: z.iso.datetime().meta({ description: "ISO 8601, UTC." }),
  durationMs: count.meta({ description: "Milliseconds." }),
  summary: z
    .object({
      errors: count.meta({ description: "Findings of severity error." }),
      warnings: count.meta({ description: "Findings of severity warning." }),
      infos: count.meta({ description: "Findings of severity info." }),
      inconclusive: count.meta({ description: "What could not be judged." }),
      waived: count.meta({ description: "Findings under a waiver; in no other count." }),
    })
    .meta({ description: "How many findings of each kind." }),
  findings: z.array(findingSchema).meta({ description: "Most severe first, in a stable order." }),
});

const failureSchema = z.looseObject({
  ...head,
  command: z.string().optional().meta({ description: "The command, where the line could be read." }),
  error: z
    .object({
      code: z.string().meta({ description: "Stable id: `config/invalid`." }),
      message: z.string().meta({ description: "What failed, where and why." }),
      hint: z.string().optional().meta({ description: "What to do." }),
      problems: z.array(problem).optional().meta({ description: "Everything wrong in the user's files." }),
    })
    .meta({ description: "Why there is no report. Never beside `findings`." }),
});

/** The JSON Schema of what `--json` prints. `content` as it lies in the package; `file` relative to its root. */
export function publishedReportSchema(): { file: string; content: string } {
  const schema = z.toJSONSchema(z.union([reportSchema, failureSchema]), { io: "output", reused: "inline" });
  const document = {
    ...schema,
    title: "integ --json",
    description:
      "One document: a report with findings and the command's own data beside them, or why there is none.",
  };
  return { file: "schema/report.schema.json", content: `${JSON.stringify(document, undefined, 2)}\n` };
}
