import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Context } from "../base/context.ts";
import { ConfigError } from "../base/errors.ts";
import { writeFileAtomic } from "../base/files.ts";
import { compareText } from "../base/finding.ts";
import { isInstant, isRecord, isRecordOf, optional } from "../base/guards.ts";
import type { Project } from "../config/project.ts";
import { dataDirectory } from "./location.ts";
import { withLock } from "./lock.ts";

/** The ledger's file at the root of the project. Committed: it says when, and never what. */
export const LEDGER_FILE = "integ.secrets.json";

/** Instants are ISO 8601. What a later integ adds is kept. */
export interface LedgerEntry {
  [more: string]: unknown;
  /** When the secret first got a value. */
  createdAt: string;
  /** When the value in use came into use. */
  rotatedAt?: string | undefined;
  /** When a live request last proved the value in use. */
  verifiedAt?: string | undefined;
  removedAt?: string | undefined;
}

/** For each environment and secret when it was created, rotated, verified. Never a value, never a fingerprint. */
export interface Ledger {
  [more: string]: unknown;
  ledger: "integ-secrets/1";
  environments: Record<string, Record<string, LedgerEntry>>;
}

const isEntry = (value: unknown): value is LedgerEntry =>
  isRecord(value) &&
  isInstant(value.createdAt) &&
  optional(value.rotatedAt, isInstant) &&
  optional(value.verifiedAt, isInstant) &&
  optional(value.removedAt, isInstant);

const isLedger = (value: unknown): value is Ledger =>
  isRecord(value) &&
  value.ledger === "integ-secrets/1" &&
  isRecordOf(value.environments, (secrets) => isRecordOf(secrets, isEntry));

const EMPTY: Ledger = { ledger: "integ-secrets/1", environments: {} };

function fileOf(project: Project): string {
  return join(project.root, LEDGER_FILE);
}

/** Reads the ledger; an empty one where there is none. @throws ConfigError when it is not a ledger */
export async function readLedger(project: Project): Promise<Ledger> {
  let text: string;
  try {
    text = await readFile(fileOf(project), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return EMPTY;
    throw new ConfigError(`Cannot read ${LEDGER_FILE}`, { code: "config/unreadable", cause: error });
  }
  try {
    const ledger: unknown = JSON.parse(text);
    if (!isLedger(ledger)) throw new TypeError("not a ledger");
    return ledger;
  } catch (error) {
    const conflict = /^<{7} /m.test(text);
    throw new ConfigError(
      conflict
        ? `${LEDGER_FILE} holds an unresolved merge conflict`
        : `${LEDGER_FILE} is not a ledger that this integ can read`,
      {
        code: "config/ledger",
        hint: conflict
          ? "keep the later entry on each side, and commit"
          : `restore it from git: \`git checkout -- ${LEDGER_FILE}\``,
        cause: error,
      },
    );
  }
}

export function ledgerEntry(ledger: Ledger, environment: string, name: string): LedgerEntry | undefined {
  const secrets = Object.hasOwn(ledger.environments, environment)
    ? ledger.environments[environment]
    : undefined;
  return secrets && Object.hasOwn(secrets, name) ? secrets[name] : undefined;
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => compareText(a, b)));
}

/** Stable text of a ledger, sorted, so that it merges well in git. */
export function serializeLedger(ledger: Ledger): string {
  const environments = Object.entries(ledger.environments)
    .filter(([, secrets]) => Object.keys(secrets).length > 0)
    .map(([name, secrets]) => [
      name,
      sorted(Object.fromEntries(Object.entries(secrets).map(([secret, entry]) => [secret, sorted(entry)]))),
    ]);
  return `${JSON.stringify({ ...ledger, environments: sorted(Object.fromEntries(environments)) }, undefined, 2)}\n`;
}

/** Changes entries of one environment; `undefined` removes one. Safe against concurrent commands. */
export async function updateLedger(
  project: Project,
  environment: string,
  changes: Readonly<Record<string, (before: LedgerEntry | undefined) => LedgerEntry | undefined>>,
  { env, clock }: { env: Context["env"]; clock: Clock },
): Promise<void> {
  const lock = join(dataDirectory(project.config.project, env), "ledger.lock");
  await withLock(lock, clock, async () => {
    const ledger = await readLedger(project);
    const secrets = { ...ledger.environments[environment] };
    for (const [name, change] of Object.entries(changes)) {
      const after = change(secrets[name]);
      if (after) secrets[name] = after;
      else delete secrets[name];
    }
    const next = { ...ledger, environments: { ...ledger.environments, [environment]: secrets } };
    await writeFileAtomic(fileOf(project), serializeLedger(next));
  });
}
