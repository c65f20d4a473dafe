import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import type { Clock } from "../base/context.ts";
import { unavailable } from "./states.ts";

/** Milliseconds a writer waits for another; one write takes some ten. */
const PATIENCE_MS = 60_000;
/** Milliseconds between two looks at a lock that is held: at first, and at most, when it has been held for a while. */
const FIRST_LOOK_MS = 10;
const LAST_LOOK_MS = 320;
/** Milliseconds after which the guard of a take-over, held for microseconds, must belong to a dead process. */
const GUARD_STALE_MS = 10_000;
/** Milliseconds after which a lock of a process that we cannot look at is taken for left behind. */
const ELSEWHERE_STALE_MS = 15 * 60_000;

/** Tells a process apart from a later one with the same id; undefined where the platform does not say. */
async function startTimeOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The command name in parentheses may hold anything; field 22 counts from behind it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

async function isAlive(pid: number, startTime: string | undefined): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  return startTime === undefined || (await startTimeOf(pid)) === startTime;
}

const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? error.code : undefined);

async function createExclusive(file: string, content: string): Promise<boolean> {
  try {
    const handle = await open(file, "wx", 0o600);
    try {
      await handle.writeFile(content);
    } catch (error) {
      // On a full disk: a lock that says nothing would keep everybody waiting until its age tells.
      await rm(file, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function isOlderThan(file: string, ms: number): Promise<boolean> {
  const info = await stat(file).catch(() => undefined);
  return info !== undefined && Date.now() - info.mtimeMs > ms;
}

/**
 * Whether the lock was left behind. Of another machine's or container's process, on a shared disk, and of a lock without
 * its content (it is being written, or its writer died) only age tells.
 */
async function isStale(file: string, content: string): Promise<boolean> {
  const [pid, startTime, host] = content.trimEnd().split(" ");
  if (!content.endsWith("\n") || !pid) return isOlderThan(file, GUARD_STALE_MS);
  if (host !== encodeURIComponent(hostname())) return isOlderThan(file, ELSEWHERE_STALE_MS);
  return !(await isAlive(Number(pid), startTime || undefined));
}

/** Removes a lock left behind. A guard file makes sure that nobody removes the lock of the next holder instead. */
async function takeOver(file: string, seen: string): Promise<void> {
  const guard = `${file}.takeover`;
  if (!(await createExclusive(guard, ""))) {
    if (await isOlderThan(guard, GUARD_STALE_MS)) await rm(guard, { force: true });
    return;
  }
  try {
    const now = await readFile(file, "utf8").catch(() => undefined);
    if (now === seen) await rm(file, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/** What to do about a holder that lives. */
export interface LockOptions {
  /** Milliseconds to wait for it; default a minute. */
  patienceMs?: number;
  /** What is said when patience ends; `holder` is its process id. */
  busy?: (holder: string) => Error;
}

function stillHeld(file: string, holder: string): Error {
  return unavailable(
    `lock ${file}`,
    `process ${holder} has held it for a minute`,
    "wait for that process, or end it, and run the command again",
  );
}

async function acquire(file: string, clock: Clock, options: LockOptions): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const host = encodeURIComponent(hostname());
  const startTime = (await startTimeOf(process.pid)) ?? "";
  const token = `${process.pid} ${startTime} ${host} ${randomBytes(8).toString("hex")}\n`;
  const deadline = clock.monotonic() + (options.patienceMs ?? PATIENCE_MS);
  // A look is some ten calls of the file system: of fifty processes that wait it would be all that the machine does.
  let pause = FIRST_LOOK_MS;
  while (!(await createExclusive(file, token))) {
    const seen = await readFile(file, "utf8").catch(() => undefined);
    if (seen !== undefined && (await isStale(file, seen))) {
      await takeOver(file, seen);
      continue;
    }
    if (clock.monotonic() >= deadline) {
      const holder = seen?.split(" ")[0] || "unknown";
      throw options.busy?.(holder) ?? stillHeld(file, holder);
    }
    await clock.sleep(pause * (0.5 + Math.random()));
    pause = Math.min(pause * 1.5, LAST_LOOK_MS);
  }
  return token;
}

/** Runs `work` while no other process that uses the same lock file does. Survives holders that were killed. */
export async function withLock<T>(
  file: string,
  clock: Clock,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const token = await acquire(file, clock, options);
  try {
    return await work();
  } finally {
    const now = await readFile(file, "utf8").catch(() => undefined);
    if (now === token) await rm(file, { force: true });
  }
}
