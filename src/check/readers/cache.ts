import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import * as z from "zod";
import { writeFileAtomic } from "../../base/files.ts";
import { type FoundEntry, readersSchema } from "./protocol.ts";
import type { ReaderPlace, Readers } from "./search.ts";

/** Changes with what is kept, or with how it is found. */
const FORMAT = 3;

const stored = z.object({
  format: z.literal(FORMAT),
  sources: z.string(),
  readers: z.record(z.string(), readersSchema),
});

/** Readers that were found before, kept in `.integ/` for as long as no source changes. */
export interface ReaderCache {
  get(key: string): Readers | undefined;
  keep(found: ReadonlyMap<string, Readers>): Promise<void>;
}

const mapPlaces = (
  { reads, passes, unseen }: FoundEntry | Readers,
  file: (name: string) => string,
): Readers => {
  const map = (all: readonly ReaderPlace[]) => all.map((place) => ({ ...place, file: file(place.file) }));
  return { reads: map(reads), passes: map(passes), ...(unseen ? { unseen } : {}) };
};

function readStored(file: string, sources: string): Map<string, FoundEntry> {
  try {
    const parsed = stored.safeParse(JSON.parse(readFileSync(file, "utf8")));
    return new Map(parsed.data?.sources === sources ? Object.entries(parsed.data.readers) : []);
  } catch {
    // Not there, or cut: it is found again.
    return new Map();
  }
}

/**
 * Opens the cache of a project.
 * @param sources hash of all that the answers depend on: what was kept under another is forgotten
 */
export function openReaderCache(root: string, sources: string): ReaderCache {
  const file = join(root, ".integ", "readers.json");
  const known = readStored(file, sources);
  return {
    get: (key) => {
      const readers = known.get(key);
      return readers && mapPlaces(readers, (name) => resolve(root, name));
    },
    keep: async (found) => {
      for (const [key, readers] of found)
        known.set(
          key,
          mapPlaces(readers, (name) => relative(root, name)),
        );
      const content = { format: FORMAT, sources, readers: Object.fromEntries(known) };
      await writeFileAtomic(file, `${JSON.stringify(content)}\n`, 0o600);
    },
  };
}
