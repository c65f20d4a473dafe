import { nodeCrypto, nodeFiles, nodePath } from "../../platform/builtins.ts";
import { requireValue, text } from "../../platform/values.ts";

/** A verified delivery as it is kept. */
export interface StoredEvent {
  id: string;
  /** Epoch milliseconds, where the scheme tells. */
  signedAt: number | undefined;
  /** Epoch milliseconds. */
  receivedAt: number;
  /** The raw text. */
  body: string;
}

/** Which stored events are meant. Without any field: all. */
export interface EventFilter {
  ids?: readonly string[];
  /** Epoch milliseconds of receipt, inclusive. */
  from?: number;
  /** Epoch milliseconds of receipt, exclusive. */
  until?: number;
}

/** Keeps verified events. A repeated delivery may be kept again or not; `list` gives each id once, the oldest first. */
export interface EventArchive {
  put(event: StoredEvent): Promise<void>;
  list(filter?: EventFilter): AsyncIterable<StoredEvent>;
}

function isMeant({ id, receivedAt }: StoredEvent, filter: EventFilter): boolean {
  if (filter.ids !== undefined && !filter.ids.includes(id)) return false;
  return (
    receivedAt >= (filter.from ?? Number.NEGATIVE_INFINITY) &&
    receivedAt < (filter.until ?? Number.POSITIVE_INFINITY)
  );
}

/** The file of an event. */
const fileOf = (directory: string, id: string) =>
  nodePath().join(directory, `${nodeCrypto().createHash("sha256").update(id).digest("hex")}.json`);

function isStored(value: unknown): value is StoredEvent {
  return (
    typeof value === "object" &&
    value !== null &&
    "id" in value &&
    typeof value.id === "string" &&
    "receivedAt" in value &&
    typeof value.receivedAt === "number" &&
    "body" in value &&
    typeof value.body === "string"
  );
}

async function readEvent(file: string): Promise<StoredEvent> {
  const { readFile } = nodeFiles();
  const value: unknown = JSON.parse(await readFile(file, "utf8"));
  if (!isStored(value)) throw new Error(`${file} is not a stored event`);
  return { ...value, signedAt: value.signedAt ?? undefined };
}

/**
 * Keeps events as files of a directory, one per event, written whole or not at all. Bodies hold customers' data: put it
 * where such data may be, and delete old files. Files are readable by their owner only.
 */
export function fileArchive(directory: string): EventArchive {
  requireValue("fileArchive: the directory", directory, text);
  return {
    put: async (event) => {
      const { mkdir, readFile, rename, writeFile } = nodeFiles();
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const file = fileOf(directory, event.id);
      // The first delivery is the one that is kept: the time of receipt stays true.
      if (await readFile(file).catch(() => undefined)) return;
      const unfinished = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`;
      await writeFile(unfinished, JSON.stringify(event), { mode: 0o600, flush: true });
      await rename(unfinished, file);
    },
    list: async function* (filter = {}) {
      const names = (
        await nodeFiles()
          .readdir(directory)
          .catch(() => [])
      ).filter((name) => name.endsWith(".json"));
      const places: { file: string; receivedAt: number; id: string }[] = [];
      for (const name of names) {
        const file = nodePath().join(directory, name);
        const event = await readEvent(file);
        const { id, receivedAt } = event;
        if (isMeant(event, filter)) places.push({ file, receivedAt, id });
      }
      places.sort((a, b) => a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1));
      for (const { file } of places) yield await readEvent(file);
    },
  };
}

/** Keeps events in memory, the newest `maxEvents` (default 10,000). For tests. */
export function memoryArchive(maxEvents = 10_000): EventArchive {
  const events = new Map<string, StoredEvent>();
  return {
    put: async (event) => {
      if (events.has(event.id)) return;
      events.set(event.id, event);
      const [oldest] = events.keys();
      if (events.size > maxEvents && oldest !== undefined) events.delete(oldest);
    },
    list: async function* (filter = {}) {
      yield* [...events.values()].filter((event) => isMeant(event, filter));
    },
  };
}
