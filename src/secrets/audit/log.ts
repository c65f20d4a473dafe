import { createHash } from "node:crypto";
import { mkdir, open, readFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { dirname, join } from "node:path";
import type { Clock, Context } from "../../base/context.ts";
import { writeFileAtomic } from "../../base/files.ts";
import { isCount, isRecord, isText } from "../../base/guards.ts";
import type { Project } from "../../config/project.ts";
import { dataDirectory } from "../location.ts";
import { withLock } from "../lock.ts";
import {
  type AuditAction,
  type ChainHead,
  type ChainVerdict,
  nextEntry,
  START,
  verifyChain,
} from "./chain.ts";

/** The log's file below the project's root: local state, ignored by git. */
export const AUDIT_FILE = ".integ/audit.jsonl";

/** What is told of one deed. */
export interface AuditEvent {
  action: AuditAction;
  environment: string;
  secrets: readonly string[];
  detail?: string;
}

interface AuditDeps {
  env: Context["env"];
  clock: Clock;
}

const isHead = (value: unknown): value is ChainHead =>
  isRecord(value) && isCount(value.seq) && isText(value.hash);

/** The end of the chain lies outside the repository; of several clones on one machine each has its own log. */
function headFile(project: Project, { env }: AuditDeps): string {
  const clone = createHash("sha256").update(project.root).digest("hex").slice(0, 32);
  return join(dataDirectory(project.config.project, env), `audit-${clone}.json`);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

async function readHead(project: Project, deps: AuditDeps): Promise<ChainHead | undefined> {
  const text = await readText(headFile(project, deps));
  if (text === "") return undefined;
  try {
    const head: unknown = JSON.parse(text);
    return isRecord(head) && head.root === project.root && isHead(head) ? head : undefined;
  } catch {
    return undefined;
  }
}

function actor(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A user id without an entry in the password file, as in some containers.
    return `unknown@${hostname()}`;
  }
}

/** The end of what is in the file; an unfinished last line, of a writer that was killed, does not count. */
function lastLine(text: string): { whole: string; head: ChainHead } {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const line = whole.trimEnd().split("\n").at(-1) ?? "";
  try {
    const head: unknown = JSON.parse(line);
    return { whole, head: isHead(head) ? { seq: head.seq, hash: head.hash } : START };
  } catch {
    return { whole, head: START };
  }
}

/** Appends one event. The line is on the disk before this returns. */
export async function recordAudit(project: Project, event: AuditEvent, deps: AuditDeps): Promise<void> {
  const file = join(project.root, AUDIT_FILE);
  const lock = `${headFile(project, deps)}.lock`;
  await withLock(lock, deps.clock, async () => {
    const text = await readText(file);
    const { whole, head } = lastLine(text);
    const known = await readHead(project, deps);
    // Where the log was shortened the new entry hangs on what is missing, so that the gap stays visible.
    const entry = nextEntry(known && known.seq > head.seq ? known : head, {
      ...event,
      secrets: [...event.secrets].sort(),
      at: new Date(deps.clock.now()).toISOString(),
      actor: actor(),
    });
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(file, "a", 0o600);
    try {
      if (whole.length < text.length) await handle.truncate(Buffer.byteLength(whole));
      await handle.writeFile(`${JSON.stringify(entry)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const { seq, hash } = entry;
    await writeFileAtomic(headFile(project, deps), JSON.stringify({ root: project.root, seq, hash }), 0o600);
  });
}

/** Reads the whole log and verifies its chain. */
export async function readAudit(project: Project, deps: AuditDeps): Promise<ChainVerdict> {
  const text = await readText(join(project.root, AUDIT_FILE));
  return verifyChain(text, await readHead(project, deps));
}
