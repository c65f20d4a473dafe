import { lstatSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { coveringPatterns } from "./covering.ts";
import { type Detectors, detectorsOf, type Sought } from "./detectors.ts";
import { type Scanned, scanBatch } from "./files.ts";
import { type Find, ripgrep } from "./ripgrep.ts";
import { WHOLE } from "./stream.ts";
import { type Place, walk } from "./walk.ts";

/** Files that are looked at before somebody else has a turn: a Ctrl-C, or what ripgrep has named. */
const BATCH = 64;
/** Bytes of names for one start of ripgrep. Windows allows 32,767 characters for a command line, macOS 1 MiB, Linux mostly 2. */
const MOST_NAMES = process.platform === "win32" ? 28_000 : 400_000;

/** Whether ripgrep is given a file: it would wait at a pipe, go down into a directory, and hold a line of any length. */
function isForRipgrep(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size <= WHOLE;
}

/** Looks for keys in files, those that ripgrep names or all. */
class FileScan {
  readonly all: Scanned = { found: [], count: 0 };
  readonly #detectors: Detectors;
  readonly #find: Find | undefined;
  readonly #signal: AbortSignal;
  /** Files that wait for ripgrep, so that it is started seldom. */
  #waiting: string[] = [];
  #names = 0;

  constructor(detectors: Detectors, find: Find | undefined, signal: AbortSignal) {
    this.#detectors = detectors;
    this.#find = find;
    this.#signal = signal;
  }

  async directory(path: string): Promise<void> {
    if (await this.#named([path])) return;
    for (const files of walk(path)) await this.#each(files);
  }

  async files(paths: readonly string[]): Promise<void> {
    if (!this.#find) return this.#each(paths);
    const others: string[] = [];
    for (const path of paths) {
      if (!isForRipgrep(path)) {
        others.push(path);
        continue;
      }
      const length = Buffer.byteLength(path) + 1;
      if (this.#names + length > MOST_NAMES) await this.finish();
      this.#waiting.push(path);
      this.#names += length;
    }
    await this.#each(others);
  }

  /** Looks at what is still waiting. */
  async finish(): Promise<void> {
    const paths = this.#waiting;
    this.#waiting = [];
    this.#names = 0;
    if (paths.length > 0 && !(await this.#named(paths))) await this.#each(paths);
  }

  /** @returns whether ripgrep could tell where to look */
  async #named(paths: readonly string[]): Promise<boolean> {
    const found: Scanned["found"] = [];
    const count = await this.#find?.(paths, (names) => {
      found.push(...scanBatch(names, this.#detectors).found);
    });
    this.#signal.throwIfAborted();
    if (count === undefined) return false;
    this.#take({ found, count });
    return true;
  }

  async #each(paths: readonly string[]): Promise<void> {
    for (let at = 0; at < paths.length; at += BATCH) {
      this.#take(scanBatch(paths.slice(at, at + BATCH), this.#detectors));
      await turn();
      this.#signal.throwIfAborted();
    }
  }

  #take({ found, count }: Scanned): void {
    this.all.found.push(...found);
    this.all.count += count;
  }
}

/**
 * Looks for keys in files as they come. Where ripgrep is there it says which files are worth looking into: it covers what the
 * detectors find, and looks at a megabyte in the time in which they look at a tenth. Holds a bounded number of names.
 */
export async function scanFiles(
  places: AsyncIterable<Place>,
  sought: Sought,
  signal: AbortSignal,
  start: typeof ripgrep = ripgrep,
): Promise<Scanned> {
  const detectors = detectorsOf(sought);
  const scan = new FileScan(detectors, await start(coveringPatterns(detectors), signal), signal);
  for await (const place of places) {
    if ("directory" in place) await scan.directory(place.directory);
    else await scan.files(place.files);
  }
  await scan.finish();
  return scan.all;
}
