import { dirname, relative } from "node:path";
import { neutralize } from "../../base/text.ts";
import { askForReaders } from "./ask.ts";
import { openReaderCache } from "./cache.ts";
import { installedTypeScript, tsconfigsFor } from "./open.ts";
import { type Chain, chainKey, type Readers } from "./search.ts";
import { hashOf, isProduction, sourcesIn } from "./sources.ts";

/** Readers by chain, or why nobody can say. */
export type FoundReaders = { readers: ReadonlyMap<string, Readers> } | { unknown: string };

export interface FindOptions {
  /** The directory of integ.config.yaml. */
  root: string;
  /** Where the integrations lie; the tsconfig.json that holds for it decides which files are looked at. */
  integrations: string;
  signal?: AbortSignal;
}

/** The directory whose files count: the project's, or one above it whose tsconfig.json holds for it. */
function baseOf(root: string, [first = ""]: readonly string[]): string {
  const above = dirname(first);
  return relative(above, root).startsWith("..") ? root : above;
}

/** Relative to the project, so that a kept answer holds where the project is checked out elsewhere. */
const keyIn = (root: string, chain: Chain) =>
  chain.map(({ file, offset }) => `${relative(root, file)}:${offset}`).join(" ");

const unanswered = (version: string, reason: string) => ({
  unknown: `typescript ${version} gave no answer: ${neutralize(reason.split("\n")[0] ?? "")}`,
});

/**
 * Finds who reads properties of responses, with the TypeScript that the project itself has. Answers are kept in
 * `.integ/readers.json` until a source file changes. Never rejects: a codebase that cannot be looked at has unknown readers.
 */
export async function findReaders(
  chains: readonly Chain[],
  { root, integrations, signal }: FindOptions,
): Promise<FoundReaders> {
  if (chains.length === 0) return { readers: new Map() };
  const typescript = installedTypeScript(root);
  if (!typescript) return { unknown: "the project has no typescript" };
  try {
    const configs = tsconfigsFor(integrations);
    if (configs.length === 0) return { unknown: "the project has no tsconfig.json" };
    const base = baseOf(root, configs);
    const sources = sourcesIn(base);
    const cache = openReaderCache(root, hashOf(sources, base, `typescript ${typescript.version}`));
    const readers = new Map<string, Readers>();
    const missing = chains.filter((chain) => {
      const known = cache.get(keyIn(root, chain));
      if (known) readers.set(chainKey(chain), known);
      return !known;
    });
    if (missing.length === 0) return { readers };
    const request = {
      root,
      base,
      configs,
      chains: missing,
      sources: sources.filter((file) => isProduction(file, base)),
    };
    const reply = await askForReaders(request, signal);
    if (!reply.ok) return unanswered(typescript.version, reply.message);
    const found = new Map(reply.readers);
    const kept = new Map<string, Readers>();
    for (const chain of missing) {
      const one = found.get(chainKey(chain));
      if (!one) continue;
      readers.set(chainKey(chain), one);
      kept.set(keyIn(root, chain), one);
    }
    await cache.keep(kept).catch(() => {
      // Local state: what cannot be kept is found again.
    });
    return { readers };
  } catch (error) {
    return unanswered(typescript.version, error instanceof Error ? error.message : String(error));
  }
}
