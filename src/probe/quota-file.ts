import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../base/files.ts";
import type { KnownQuota, QuotaLedger } from "./ledger.ts";

/** Where a project keeps what was last seen of its quotas, below its root. */
export const QUOTA_FILE = join(".integ", "quotas.json");

/** What a quota without a reset time is worth after this: nothing. */
const FORGET_MS = 60_000;

function isKnown(value: unknown): value is KnownQuota {
  return (
    typeof value === "object" &&
    value !== null &&
    "quotas" in value &&
    Array.isArray(value.quotas) &&
    "at" in value &&
    typeof value.at === "number" &&
    "sent" in value &&
    typeof value.sent === "number" &&
    "retryAt" in value &&
    typeof value.retryAt === "number"
  );
}

/** What lies in the file by key; nothing where it is absent or broken. */
export async function readQuotaFile(file: string): Promise<Map<string, KnownQuota>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, "utf8"));
    const entries = typeof parsed === "object" && parsed !== null ? Object.entries(parsed) : [];
    return new Map(entries.filter((entry): entry is [string, KnownQuota] => isKnown(entry[1])));
  } catch {
    // Absent or broken: the quotas will be learned anew.
    return new Map();
  }
}

const worthKeeping = ({ quotas, at, retryAt }: KnownQuota, now: number) =>
  retryAt > now ||
  now - at < FORGET_MS ||
  quotas.some(({ resetAt }) => resetAt !== undefined && Date.parse(resetAt) > now);

/** Lets the ledger know what other processes of this machine last saw of the quotas. */
export async function loadQuotas(file: string, ledger: QuotaLedger, now: number): Promise<void> {
  for (const [key, known] of await readQuotaFile(file))
    if (worthKeeping(known, now)) ledger.adopt(key, known);
}

/** Writes what this process saw, keeping what another saw later. A file that cannot be written is no failure of the probe. */
export async function saveQuotas(file: string, ledger: QuotaLedger, now: number): Promise<void> {
  const all = await readQuotaFile(file);
  for (const [key, known] of ledger.entries()) {
    if ((all.get(key)?.at ?? 0) <= known.at) all.set(key, known);
  }
  await writeQuotaFile(file, all, now);
}

/** Replaces the file by what of it is worth keeping. A file that cannot be written costs nothing else. */
export async function writeQuotaFile(
  file: string,
  all: ReadonlyMap<string, KnownQuota>,
  now: number,
): Promise<void> {
  const kept = [...all].filter(([, known]) => worthKeeping(known, now)).sort(([a], [b]) => (a < b ? -1 : 1));
  await writeFileAtomic(file, `${JSON.stringify(Object.fromEntries(kept), undefined, 2)}\n`).catch(() => {});
}
