import { availableParallelism } from "node:os";
import { setImmediate as turn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { packageFile } from "../../base/package-root.ts";
import { detectorsOf, type Sought } from "./detectors.ts";
import { type Scanned, scanBatch } from "./files.ts";

/** Files that are looked at before somebody else has a turn: a Ctrl-C, or what a thread has found. */
const BATCH = 64;
/** Batches before threads are started: fewer are done before a thread is there. */
const FEW = 6;
/** Reading files is soon slower than looking at them. */
const MOST_THREADS = 3;
/** What a thread has on its table, so that it never waits. */
const AHEAD = 2;

/** A thread with the batches that it has not answered yet. */
class Helper {
  readonly #worker: Worker;
  readonly #open: string[][] = [];
  #idle: (() => void) | undefined;
  #gone = false;

  constructor(sought: Sought, take: (scanned: Scanned) => void) {
    this.#worker = new Worker(packageFile("dist", "scanner.js"), { workerData: sought });
    this.#worker.on("message", (scanned: Scanned) => {
      this.#open.shift();
      take(scanned);
      if (this.#open.length === 0) this.#idle?.();
    });
    // Where threads are not allowed, or one dies for want of memory, what it had is done here.
    this.#worker.on("error", () => this.#leave());
    this.#worker.on("exit", () => this.#leave());
  }

  #leave(): void {
    this.#gone = true;
    this.#idle?.();
  }

  /** Takes a batch, unless there is enough to do. */
  accept(batch: string[]): boolean {
    if (this.#gone || this.#open.length >= AHEAD) return false;
    this.#open.push(batch);
    // One text: a list would be copied name by name. No path holds a NUL.
    this.#worker.postMessage(batch.join("\0"));
    return true;
  }

  /** Waits for its answers. @returns what it could not do */
  async finish(): Promise<string[][]> {
    if (this.#open.length > 0 && !this.#gone) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    return this.#open;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** None where threads are not allowed at all, as under Node's permission model. */
function startHelpers(sought: Sought, take: (scanned: Scanned) => void): Helper[] {
  const threads = Math.min(availableParallelism() - 1, MOST_THREADS);
  try {
    return Array.from({ length: threads }, () => new Helper(sought, take));
  } catch {
    return [];
  }
}

async function* batchesOf(files: AsyncIterable<string[]>): AsyncGenerator<string[]> {
  let batch: string[] = [];
  for await (const some of files) {
    for (const path of some) {
      batch.push(path);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/**
 * Looks for keys in files as they come, where there are many with the machine's other cores too. Holds a bounded number
 * of paths, and of each thread's file no more than a piece.
 */
export async function scanFiles(
  files: AsyncIterable<string[]>,
  sought: Sought,
  signal: AbortSignal,
): Promise<Scanned> {
  const detectors = detectorsOf(sought);
  const all: Scanned = { found: [], count: 0 };
  const take = ({ found, count }: Scanned) => {
    all.found.push(...found);
    all.count += count;
  };
  let helpers: Helper[] = [];
  try {
    let batches = 0;
    for await (const batch of batchesOf(files)) {
      if (++batches === FEW) helpers = startHelpers(sought, take);
      if (!helpers.some((helper) => helper.accept(batch))) take(scanBatch(batch, detectors));
      await turn();
      signal.throwIfAborted();
    }
    for (const helper of helpers) {
      for (const batch of await helper.finish()) take(scanBatch(batch, detectors));
    }
    return all;
  } finally {
    await Promise.all(helpers.map((helper) => helper.end()));
  }
}
