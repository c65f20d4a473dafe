import { createHash } from "node:crypto";
import { isCount, isInstant, isListOf, isRecord, isText, optional } from "../../base/guards.ts";

/** What was done with secrets. */
export const ACTIONS = [
  "set",
  "get",
  "remove",
  "purge",
  "rollback",
  "import",
  "export",
  "run",
  "migrate",
  "rotate",
  "push",
] as const;
export type AuditAction = (typeof ACTIONS)[number];

/** One line of the audit log. */
export interface AuditEntry {
  seq: number;
  at: string;
  /** `user@host`, as the operating system says. */
  actor: string;
  action: AuditAction;
  environment: string;
  /** Full names, sorted; never values. */
  secrets: readonly string[];
  /** What else is worth knowing: the program of `run`, the step of a rotation. */
  detail?: string | undefined;
  /** Hash of the entry before; 64 zeros in the first. */
  previous: string;
  hash: string;
}

const KEYS = ["seq", "at", "actor", "action", "environment", "secrets", "detail", "previous", "hash"];

/** Nothing but these keys: no hash would speak for others. */
const isEntry = (value: unknown): value is AuditEntry =>
  isRecord(value) &&
  isCount(value.seq) &&
  value.seq > 0 &&
  isInstant(value.at) &&
  isText(value.actor) &&
  ACTIONS.some((action) => action === value.action) &&
  isText(value.environment) &&
  isListOf(value.secrets, isText) &&
  optional(value.detail, isText) &&
  isText(value.previous) &&
  isText(value.hash) &&
  Object.keys(value).every((key) => KEYS.includes(key));

/** Where a chain ends: kept apart from the log, so that a shortened log shows. */
export interface ChainHead {
  seq: number;
  hash: string;
}

export const START: ChainHead = { seq: 0, hash: "0".repeat(64) };

function hashOf({ hash: _, ...entry }: AuditEntry): string {
  const { seq, at, actor, action, environment, secrets, detail = null, previous } = entry;
  const fields = [seq, at, actor, action, environment, secrets, detail, previous];
  return createHash("sha256").update(JSON.stringify(fields)).digest("hex");
}

/** Chains a new entry to the end of a log. */
export function nextEntry(head: ChainHead, what: Omit<AuditEntry, "seq" | "previous" | "hash">): AuditEntry {
  const entry = { ...what, seq: head.seq + 1, previous: head.hash, hash: "" };
  return { ...entry, hash: hashOf(entry) };
}

/** Nothing but what was written: of a key that stands there twice the hash speaks for the second only. */
function parseLine(line: string): AuditEntry | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return isEntry(entry) && JSON.stringify(entry) === line ? entry : undefined;
  } catch {
    return undefined;
  }
}

export interface ChainVerdict {
  entries: AuditEntry[];
  head: ChainHead;
  /** The first line, from 1, at which the log is not what was written; what is wrong there. */
  broken?: { line: number; reason: string };
}

/** Reads a log and says whether anything in it was changed, removed or moved. An unfinished last line is left out. */
export function verifyChain(text: string, expected?: ChainHead): ChainVerdict {
  const lines = text.split("\n").slice(0, -1);
  const entries: AuditEntry[] = [];
  let head = START;
  for (const [index, line] of lines.entries()) {
    const entry = parseLine(line);
    const fail = (reason: string): ChainVerdict => ({ entries, head, broken: { line: index + 1, reason } });
    if (!entry) return fail("it is not an entry of the log");
    if (entry.seq !== head.seq + 1 || entry.previous !== head.hash) {
      return fail("the entry before it was removed, moved or changed");
    }
    if (entry.hash !== hashOf(entry)) return fail("it was changed after it was written");
    entries.push(entry);
    head = { seq: entry.seq, hash: entry.hash };
  }
  if (!expected || expected.seq < head.seq) return { entries, head };
  const there = entries[expected.seq - 1];
  if (expected.seq === 0 || there?.hash === expected.hash) return { entries, head };
  const reason =
    there === undefined
      ? `entries up to ${expected.seq} were written, the last of them are gone`
      : "the log was replaced by another";
  return { entries, head, broken: { line: entries.length + 1, reason } };
}
