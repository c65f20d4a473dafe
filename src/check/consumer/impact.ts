import type { Location } from "../../base/errors.ts";
import { type Finding, finding, type Severity } from "../../base/finding.ts";
import { plural } from "../../base/text.ts";
import { parsePath, printPath, type Segment, startsWith } from "../path.ts";
import { type Break, breaksOf, reasonOf } from "./breaks.ts";
import type { ParseOutcome } from "./protocol.ts";
import { type Usage, usageOf } from "./usage.ts";

/** What is known of the schema that our code reads an endpoint's response with. */
export interface Consumer {
  /** Name of the export. */
  name: string;
  /** JSON Schema of its input; absent where there is none to be had. */
  jsonSchema?: Readonly<Record<string, unknown>>;
  /** What the schema said to the live samples; empty where none was parsed. */
  outcomes: readonly ParseOutcome[];
  /** The line of the schema that says a path. */
  place(path: readonly Segment[]): Location | undefined;
}

/** Which finding fields tell whose response it is. */
export type Subject = Pick<Finding, "integration" | "version" | "environment" | "endpoint">;

/** These change what a value means and not its type: a schema accepts them, and the code goes wrong in silence. */
const SILENT = new Set(["contract/scale-changed", "contract/unsafe-integer"]);

/** These are about the answer as a whole. Whether the schema takes the body then says nothing about their severity. */
const WHOLE_ANSWER = new Set([
  "contract/status-changed",
  "contract/endpoint-gone",
  "contract/not-answered",
  "contract/not-authorized",
  "contract/content-type-changed",
  "contract/body-missing",
  "contract/body-invalid",
  "contract/error-in-success",
  "contract/header-removed",
  "contract/redirect-added",
  "contract/redirect-removed",
  "contract/not-recorded",
  "contract/other-request",
]);
/** Where the body is no data at all, the schema has no data to refuse. */
const NO_DATA = new Set(["contract/body-missing", "contract/error-in-success"]);

/** Our schema took the new value: it is open there, and has a way for values that it does not know. */
const OPEN_TO_VALUES = new Set(["contract/enum-value-added"]);

const isDrift = ({ rule, severity }: Finding) =>
  rule.startsWith("contract/") && severity !== "inconclusive" && !WHOLE_ANSWER.has(rule);

/** A drift explains a break at its own path and below; a union that matches nothing is explained by drift inside it. */
function explains(drift: readonly Segment[], { path, code }: Break): boolean {
  return startsWith(path, drift) || (code === "invalid_union" && startsWith(drift, path));
}

/** `error` only by the schema; what it accepts or does not read falls below. */
function severityWithout(severity: Severity, rule: string, usage: Usage, parsed: boolean): Severity {
  if (severity === "info") return severity;
  if (usage === "unused" || usage === "closed") return "info";
  if (usage === "open" || SILENT.has(rule) || !parsed) return severity;
  return OPEN_TO_VALUES.has(rule) ? "info" : "warning";
}

const USE: Readonly<Record<Usage, (name: string) => string>> = {
  required: (name) => `${name} needs it`,
  optional: (name) => `${name} reads it where it is there`,
  open: (name) => `${name} takes anything here, so what the code reads is unknown`,
  closed: (name) => `${name} does not name it`,
  unused: (name) => `${name} does not read it`,
};

interface Judged {
  finding: Finding;
  explained: readonly Break[];
}

function judgeDrift(drift: Finding, breaks: readonly Break[], consumer: Consumer): Judged {
  const path = drift.path === undefined ? undefined : parsePath(drift.path);
  if (NO_DATA.has(drift.rule)) return { finding: drift, explained: breaks };
  if (!path || !isDrift(drift)) return { finding: drift, explained: [] };
  const parsed = consumer.outcomes.some(({ kind }) => kind !== "threw");
  const explained = breaks.filter((one) => explains(path, one));
  const [first] = explained;
  if (first) {
    const location = consumer.place(first.path);
    const reason = `${consumer.name} ${reasonOf(first)}`;
    return {
      finding: {
        ...drift,
        severity: "error",
        evidence: { ...drift.evidence, consumer: reason, rejected: first.samples },
        ...(location ? { location } : {}),
      },
      explained,
    };
  }
  if (!consumer.jsonSchema) return { finding: drift, explained };
  const usage = usageOf(consumer.jsonSchema, path);
  const used = usage === "required" || usage === "optional";
  // To say of an open enum that the property is needed would make a harmless value look like a break.
  const takesValue = used && parsed && OPEN_TO_VALUES.has(drift.rule);
  const location = used ? consumer.place(path) : undefined;
  return {
    finding: {
      ...drift,
      severity: severityWithout(drift.severity, drift.rule, usage, parsed),
      evidence: {
        ...drift.evidence,
        consumer: takesValue ? `${consumer.name} takes it` : USE[usage](consumer.name),
      },
      ...(location ? { location } : {}),
    },
    explained,
  };
}

/** A break that no drift explains: the contract holds what our schema does not take, or there is no contract yet. */
function rejected(one: Break, consumer: Consumer, subject: Subject): Finding {
  const path = printPath(one.path);
  const location = consumer.place(one.path);
  return finding(
    {
      rule: "consumer/rejected",
      severity: "error",
      message: `Our schema ${consumer.name} refuses the response: it ${reasonOf(one)}`,
      ...subject,
      path,
      // A refinement or an enum refuses a value of the right type: types would say nothing of it.
      ...(one.expected === undefined ? {} : { before: one.expected, after: one.received }),
      evidence: { samples: consumer.outcomes.length, rejected: one.samples },
      ...(location ? { location } : {}),
      help: `change ${consumer.name} to take what the API returns`,
    },
    one.code,
  );
}

function threw(consumer: Consumer, subject: Subject): Finding[] {
  const messages = consumer.outcomes.flatMap((outcome) =>
    outcome.kind === "threw" ? [outcome.message] : [],
  );
  if (messages[0] === undefined) return [];
  const location = consumer.place([]);
  return [
    finding({
      rule: "consumer/inconclusive",
      severity: "inconclusive",
      message: `Our schema ${consumer.name} threw on ${messages.length} of ${plural(consumer.outcomes.length, "sample")}: ${messages[0]}`,
      ...subject,
      ...(location ? { location } : {}),
    }),
  ];
}

/**
 * Judges drift from the side of the code that reads the response: `error` is what the consumer's schema refuses (it
 * parsed the live samples itself) or what changes a value's meaning behind its back; drift that it accepts is at most a
 * warning, drift in what it does not read an info. What it refuses without any drift is a finding of its own.
 */
export function judgeForConsumer(
  findings: readonly Finding[],
  consumer: Consumer,
  subject: Subject,
): Finding[] {
  const breaks = breaksOf(consumer.outcomes);
  const judged = findings.map((drift) => judgeDrift(drift, breaks, consumer));
  const explained = new Set(judged.flatMap((one) => one.explained));
  const rest = breaks.filter((one) => !explained.has(one));
  return [
    ...judged.map((one) => one.finding),
    ...rest.map((one) => rejected(one, consumer, subject)),
    ...threw(consumer, subject),
  ];
}
