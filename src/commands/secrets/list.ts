import type { Context } from "../../base/context.ts";
import { formatDuration } from "../../base/duration.ts";
import { compareText } from "../../base/finding.ts";
import type { Result, Style } from "../../base/result.ts";
import type { Environment } from "../../config/project.ts";
import { howToSet } from "../../config/secret-advice.ts";
import { type Cell, renderTable } from "../../report/table.ts";
import { type Envelope, versionOf } from "../../secrets/envelope.ts";
import { fingerprintOf } from "../../secrets/labels.ts";
import { scheduleOf } from "../../secrets/policy.ts";
import { allSecrets, findSecrets, type SecretReference } from "../../secrets/reference.ts";
import { type Journal, journalOf } from "../../secrets/rotation/journal.ts";
import { openPushes } from "./pushing.ts";
import { workplace } from "./workplace.ts";

export interface ListOptions {
  secrets: string[];
  env: string | undefined;
}

/** One row of the list; never a value. */
interface Row {
  secret: string;
  environment: string;
  /** The variable that wins over the store; null for a stored secret that no manifest declares. */
  variable: string | null;
  /** Where the value comes from; null where there is none. */
  source: "variable" | Environment["store"] | null;
  status: "missing" | "undeclared" | "unscheduled" | "unknown-age" | "fresh" | "due" | "overdue";
  /** Which labels the store holds a value under. */
  labels: string[];
  /** Where its rotation stands, while one is under way. */
  rotation?: Journal["step"];
  /** Targets of `secrets.push` that do not have the value in use. */
  openPushes?: readonly string[];
  fingerprint?: string;
  createdAt?: string;
  dueAt?: string;
}

function labelsOf(envelope: Envelope | undefined, name: string): string[] {
  return (["current", "pending", "previous"] as const).filter(
    (label) => envelope && versionOf(envelope, name, label)?.value !== undefined,
  );
}

function rowOf(
  { name, policy }: SecretReference,
  environment: Environment,
  envelope: Envelope | undefined,
  ctx: Context,
): Row {
  const fromVariable = ctx.env[policy.env] || undefined;
  const stored = envelope && versionOf(envelope, name, "current");
  const base = {
    secret: name,
    environment: environment.name,
    variable: policy.env,
    labels: labelsOf(envelope, name),
  };
  if (fromVariable !== undefined || environment.store === "env") {
    if (fromVariable === undefined) return { ...base, source: null, status: "missing", labels: [] };
    const fingerprint = envelope && { fingerprint: fingerprintOf(envelope, fromVariable) };
    const status = policy.rotateEveryMs === undefined ? "unscheduled" : "unknown-age";
    return { ...base, source: "variable", status, ...fingerprint };
  }
  if (!stored) return { ...base, source: null, status: "missing" };
  const rotation = envelope && journalOf(envelope, name)?.step;
  const schedule = scheduleOf(policy.rotateEveryMs, Date.parse(stored.createdAt), ctx.clock.now());
  return {
    ...base,
    source: environment.store,
    status: schedule.state,
    fingerprint: stored.fingerprint,
    createdAt: stored.createdAt,
    ...(rotation === undefined ? {} : { rotation }),
    ...("dueAt" in schedule ? { dueAt: new Date(schedule.dueAt).toISOString() } : {}),
  };
}

/** Stored secrets that no manifest declares any more. */
function undeclared(envelope: Envelope, known: ReadonlySet<string>, environment: Environment): Row[] {
  return Object.keys(envelope.secrets)
    .filter((name) => !known.has(name) && labelsOf(envelope, name).length > 0)
    .map((name) => ({
      secret: name,
      environment: environment.name,
      variable: null,
      source: environment.store,
      status: "undeclared",
      labels: labelsOf(envelope, name),
    }));
}

const TONES: Partial<Record<Row["status"], keyof Style>> = {
  missing: "red",
  overdue: "red",
  due: "yellow",
  undeclared: "yellow",
};

/** A clock that was set back, or is behind another machine's. */
const ageOf = (ms: number) => (ms < 0 ? "in the future" : formatDuration(ms));

function cellsOf(row: Row, now: number): Cell[] {
  const age = row.createdAt ? ageOf(now - Date.parse(row.createdAt)) : "";
  const tone = TONES[row.status];
  const kept = row.labels.filter((label) => label !== "current");
  if (row.openPushes) kept.push(`not pushed to ${row.openPushes.join(", ")}`);
  if (row.rotation !== undefined) kept.push(`rotation: ${row.rotation}`);
  const status = row.status === "unscheduled" ? "ok" : row.status === "fresh" ? "ok" : row.status;
  const source = row.source === "variable" ? `$${row.variable}` : (row.source ?? "");
  return [
    row.secret,
    tone ? { text: status, tone } : status,
    source,
    age,
    row.dueAt?.slice(0, 10) ?? "",
    row.fingerprint ?? "",
    kept.join(", "),
  ];
}

/** Lists the secrets of an environment: where they come from, how old they are, when they are due. */
export async function run(options: ListOptions, ctx: Context): Promise<Result> {
  const { project, environment, session } = await workplace(options.env, ctx);
  const wanted =
    options.secrets.length === 0
      ? allSecrets(project)
      : options.secrets.flatMap((text) => findSecrets(project, text));
  const envelope = (await session.stored(environment))?.envelope;
  const open = await openPushes(project, environment, envelope, wanted, ctx);
  const rows = wanted.map((secret): Row => {
    const targets = open.get(secret.name);
    return { ...rowOf(secret, environment, envelope, ctx), ...(targets ? { openPushes: targets } : {}) };
  });
  if (envelope && options.secrets.length === 0 && environment.store !== "env") {
    rows.push(...undeclared(envelope, new Set(wanted.map(({ name }) => name)), environment));
  }
  rows.sort((a, b) => compareText(a.secret, b.secret));
  const absent = rows.find(({ status }) => status === "missing");
  const now = ctx.clock.now();
  const store = await session.store(environment);
  return {
    data: { environment: environment.name, store: store.describe(), secrets: rows },
    text: ({ style, columns }) =>
      rows.length === 0
        ? "No integration declares a secret"
        : renderTable(
            ["Secret", "State", "From", "Age", "Due", "Fingerprint", "Also kept"],
            rows.map((row) => cellsOf(row, now)),
            { style, columns },
          ),
    next: [
      ...(absent?.variable ? [howToSet(absent.secret, absent.variable, environment)] : []),
      ...(open.size > 0 ? [`push what is open: \`integ secrets push --env ${environment.name}\``] : []),
    ],
  };
}
