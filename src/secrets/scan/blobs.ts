import type { Detectors } from "./detectors.ts";
import type { Git } from "./git.ts";
import { isBinary, KeyScan, WHOLE } from "./stream.ts";
import { findKeys, type Hit } from "./text.ts";

/** A file's content as git keeps it. */
export interface Blob {
  id: string;
  path: string;
}

export interface BlobHits extends Blob {
  hits: Hit[];
}

const NEWLINE = 10;
const HEAD = /^(\S+) (\S+) (\d+)$/;

/** Reads what `git cat-file --batch` prints: a line with id, kind and size, the content, a line's end. */
class BatchReader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#source.next();
    if (done) return false;
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    return true;
  }

  /** The next head; `undefined` at the end. */
  async head(): Promise<{ kind: string; size: number } | undefined> {
    let end = this.#rest.indexOf(NEWLINE);
    while (end < 0) {
      if (!(await this.#more())) return undefined;
      end = this.#rest.indexOf(NEWLINE);
    }
    const line = this.#rest.toString("latin1", 0, end);
    this.#rest = this.#rest.subarray(end + 1);
    const [, , kind = "missing", size = "0"] = HEAD.exec(line) ?? [];
    return { kind, size: Number(size) };
  }

  /** The content of `size` bytes, in pieces, and the line's end behind it. */
  async *content(size: number): AsyncGenerator<Buffer> {
    let left = size;
    while (left > 0) {
      if (this.#rest.length === 0 && !(await this.#more())) return;
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
    while (this.#rest.length === 0) if (!(await this.#more())) return;
    this.#rest = this.#rest.subarray(1);
  }
}

async function look(pieces: AsyncIterable<Buffer>, size: number, detectors: Detectors): Promise<Hit[]> {
  if (size <= WHOLE) {
    const all: Buffer[] = [];
    for await (const piece of pieces) all.push(piece);
    const bytes = all.length === 1 && all[0] ? all[0] : Buffer.concat(all);
    return isBinary(bytes) ? [] : findKeys(bytes, 1, detectors);
  }
  const scan = new KeyScan(detectors);
  for await (const piece of pieces) scan.push(piece);
  return scan.end();
}

/** Looks for keys in blobs of a repository, one after the other; gives those in which something was found. */
export async function* scanBlobs(
  git: Git,
  blobs: AsyncIterable<Blob> | Iterable<Blob>,
  detectors: Detectors,
  count: () => void,
): AsyncGenerator<BlobHits> {
  const asked: Blob[] = [];
  async function* ids() {
    for await (const blob of blobs) {
      asked.push(blob);
      yield `${blob.id}\n`;
    }
  }
  const reader = new BatchReader(git.stream(["cat-file", "--batch", "--buffer"], ids()));
  for (let index = 0; ; index++) {
    const head = await reader.head();
    if (!head) return;
    const blob = asked[index];
    delete asked[index];
    if (head.kind === "missing" || !blob) continue;
    const hits = await look(reader.content(head.size), head.size, detectors);
    count();
    if (hits.length > 0) yield { ...blob, hits };
  }
}

/** Every version of every file that commits of a range hold, each content once. @param range as `git rev-list` takes it */
export async function* historyBlobs(git: Git, range: readonly string[]): AsyncGenerator<Blob> {
  const args = ["rev-list", "--objects", "--filter=object:type=blob", "--filter-provided-objects", ...range];
  let rest = "";
  for await (const chunk of git.stream(args)) {
    const lines = (rest + chunk.toString("utf8")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [, id, path] = /^([0-9a-f]{40,64}) (.+)$/.exec(line) ?? [];
      if (id !== undefined && path !== undefined) yield { id, path };
    }
  }
}

/** The files as they are about to be committed. */
export async function stagedBlobs(git: Git): Promise<Blob[]> {
  const entries = await git.names([
    "diff",
    "--cached",
    "--raw",
    "--no-abbrev",
    "-z",
    "--diff-filter=ACMR",
    "--no-renames",
  ]);
  return entries.flatMap((entry, index) => {
    const [, id] = /^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) /.exec(`${entry} `) ?? [];
    const path = entries[index + 1];
    return id !== undefined && path !== undefined ? [{ id, path }] : [];
  });
}

/** The oldest commit that brought a content in. */
export async function commitOf(git: Git, id: string): Promise<{ commit: string; at: string } | undefined> {
  const text = await git.output(["log", "--all", "--reverse", "--format=%H %aI", `--find-object=${id}`]);
  const [, commit, at] = /^([0-9a-f]+) (\S+)/.exec(text) ?? [];
  return commit !== undefined && at !== undefined ? { commit: commit.slice(0, 12), at } : undefined;
}
