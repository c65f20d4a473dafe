import { join } from "node:path";
import { SqliteFile } from "./database.ts";

/** What one probe of one endpoint measured. */
export interface ProbeRecord {
  /** What runs are compared by: `stripe@v1/get-balance prod`, or a URL. */
  subject: string;
  /** Epoch milliseconds. */
  startedAt: number;
  integration?: string;
  version?: string;
  environment?: string;
  endpoint: string;
  status?: number;
  samples: number;
  errors: number;
  /** `ok` where it may serve as a baseline. */
  outcome: string;
  /** Totals of the samples that count, milliseconds. */
  totals: readonly number[];
  /** Their phases, milliseconds. */
  phases: Readonly<Record<string, readonly number[]>>;
  /** The endpoint's part of the JSON report. */
  report: unknown;
}

const MIGRATIONS = [
  `CREATE TABLE probe (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    integration TEXT,
    version TEXT,
    environment TEXT,
    endpoint TEXT NOT NULL,
    status INTEGER,
    samples INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    totals BLOB NOT NULL,
    phases TEXT NOT NULL,
    report TEXT NOT NULL
  ) STRICT;
  CREATE INDEX probe_by_subject ON probe (subject, started_at);`,
];

/** Samples kept of one run; more say nothing more about its distribution. */
const MOST_SAMPLES = 1000;

/** Runs kept of one subject. */
const MOST_RUNS = 1000;

/** Evenly spread over the order in which they were taken. */
function thin(values: readonly number[]): readonly number[] {
  if (values.length <= MOST_SAMPLES) return values;
  return Array.from(
    { length: MOST_SAMPLES },
    (_, index) => values[Math.floor((index * values.length) / MOST_SAMPLES)] ?? 0,
  );
}

const toBlob = (values: readonly number[]) => new Uint8Array(Float64Array.from(thin(values)).buffer);

function fromBlob(value: unknown): number[] {
  if (!(value instanceof Uint8Array)) return [];
  const aligned = value.slice(0, value.length - (value.length % 8));
  return [...new Float64Array(aligned.buffer, 0, aligned.length / 8)];
}

const text = (value: unknown) => (typeof value === "string" ? value : undefined);

function optional(row: Readonly<Record<string, unknown>>) {
  const parts = {
    integration: text(row.integration),
    version: text(row.version),
    environment: text(row.environment),
  };
  const present = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
  return { ...present, ...(row.status === null ? {} : { status: Number(row.status) }) };
}

function toRecord(row: Readonly<Record<string, unknown>>): ProbeRecord {
  return {
    subject: text(row.subject) ?? "",
    startedAt: Number(row.started_at),
    endpoint: text(row.endpoint) ?? "",
    samples: Number(row.samples),
    errors: Number(row.errors),
    outcome: text(row.outcome) ?? "",
    totals: fromBlob(row.totals),
    phases: JSON.parse(text(row.phases) ?? "{}"),
    report: JSON.parse(text(row.report) ?? "null"),
    ...optional(row),
  };
}

/** What was measured, over time. Local to a working copy; may be deleted at any time. */
export class History {
  readonly #database: SqliteFile;

  private constructor(database: SqliteFile) {
    this.#database = database;
  }

  /** @param root the project's directory; the file is `.integ/history.db` below it */
  static async open(root: string): Promise<History> {
    return new History(await SqliteFile.open(join(root, ".integ", "history.db"), MIGRATIONS));
  }

  /** Adds runs, all or none, and forgets the oldest of a subject beyond 1,000. */
  async add(records: readonly ProbeRecord[]): Promise<void> {
    await this.#database.transaction((database) => {
      for (const record of records) {
        database.run(
          `INSERT INTO probe (subject, started_at, integration, version, environment, endpoint, status, samples, errors, outcome, totals, phases, report)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          [
            record.subject,
            Math.round(record.startedAt),
            record.integration ?? null,
            record.version ?? null,
            record.environment ?? null,
            record.endpoint,
            record.status ?? null,
            record.samples,
            record.errors,
            record.outcome,
            toBlob(record.totals),
            JSON.stringify(
              Object.fromEntries(Object.entries(record.phases).map(([name, values]) => [name, thin(values)])),
            ),
            JSON.stringify(record.report),
          ],
        );
        database.run(
          "DELETE FROM probe WHERE subject = ? AND id NOT IN (SELECT id FROM probe WHERE subject = ? ORDER BY started_at DESC, id DESC LIMIT ?)",
          [record.subject, record.subject, MOST_RUNS],
        );
      }
    });
  }

  /** Runs of a subject, the newest first. @param options.outcome only those with this outcome */
  runs(subject: string, options: { limit: number; outcome?: string }): Promise<ProbeRecord[]> {
    const { limit, outcome } = options;
    return this.#database.read((database) =>
      database
        .all(
          "SELECT * FROM probe WHERE subject = ? AND (? IS NULL OR outcome = ?) ORDER BY started_at DESC, id DESC LIMIT ?",
          [subject, outcome ?? null, outcome ?? null, limit],
        )
        .map(toRecord),
    );
  }

  /** The newest run of each subject, by subject. */
  latest(): Promise<ProbeRecord[]> {
    return this.#database.read((database) =>
      database
        .all(
          "SELECT * FROM probe WHERE id IN (SELECT (SELECT id FROM probe WHERE subject = s.subject ORDER BY started_at DESC, id DESC LIMIT 1) FROM (SELECT DISTINCT subject FROM probe) s) ORDER BY subject",
        )
        .map(toRecord),
    );
  }

  close(): void {
    this.#database.close();
  }
}
