import { installedTypeScript } from "./open.ts";
import type { ReadersRequest } from "./protocol.ts";
import { type Bonds, filesReaching, openBonds } from "./reach.ts";
import { type Readers, searchReaders } from "./search.ts";
import { isTest } from "./sources.ts";
import { fileKey, type Program } from "./syntax.ts";

/** Whether code that none of the programs has imports, over however many files, the modules that declare the schemas. */
function isUnseenBy(
  programs: readonly Program[],
  sources: readonly string[],
  { declaredIn, bonds }: { declaredIn: ReadonlySet<string>; bonds: Bonds },
): boolean {
  const seen = new Set(
    programs.flatMap(({ files, declarations }) => [...files, ...declarations].map(fileKey)),
  );
  const reaching = filesReaching(sources, (file) => declaredIn.has(fileKey(file)), bonds);
  return reaching.some((file) => !seen.has(fileKey(file)));
}

/**
 * Looks for the readers of chains, by `chainKey`, with the TypeScript of the project. Tests are none: what breaks only them
 * breaks no user, and the test of a scaffolded module passes every response on whole.
 * @throws Error where that gives no answer
 */
export async function lookForReaders(request: ReadersRequest): Promise<Map<string, Readers>> {
  const { root, base, configs, chains, sources } = request;
  const typescript = installedTypeScript(root);
  if (!typescript) throw new Error("the project has no typescript");
  const declaredIn = new Set(chains.flatMap((chain) => chain.map(({ file }) => fileKey(file))));
  const about = { declaredIn, bonds: openBonds() };
  const programs = await typescript.open(configs, about);
  try {
    const found = searchReaders(programs, chains, {
      bonds: about.bonds,
      counts: (file) => !isTest(file, base),
    });
    if (!isUnseenBy(programs, sources, about)) return found;
    return new Map([...found].map(([key, readers]) => [key, { ...readers, unseen: true }]));
  } finally {
    for (const program of programs) program.close();
  }
}
