import { mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeFileAtomic } from "../../../src/base/files.ts";
import { schemaLocator } from "../../../src/check/consumer/source/locate.ts";
import { parsePath } from "../../../src/check/path.ts";
import { chainOf } from "../../../src/check/readers/chain.ts";
import { findReaders } from "../../../src/check/readers/find.ts";
import { type Chain, chainKey } from "../../../src/check/readers/search.ts";
import type { Target } from "../../../src/config/project.ts";
import { temporaryDirectory } from "../../support/cli.ts";

const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));

/** The TypeScripts that a project may have: the native one and the last that was written in JavaScript. */
export const TYPESCRIPTS = { native: "typescript", classic: "typescript-classic" } as const;

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    target: "es2022",
    // Without a browser's declarations, which are most of what the compiler would read.
    lib: ["es2022"],
    module: "nodenext",
    strict: true,
    noEmit: true,
    jsx: "preserve",
    skipLibCheck: true,
    types: [],
    allowImportingTsExtensions: true,
  },
  include: ["src"],
});

/** Writes a codebase that has `typescript` as its own, with `src/api/v1/schemas.ts` for its consumer schemas. */
export async function codebaseWith(
  typescript: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const root = await temporaryDirectory();
  await mkdir(join(root, "node_modules"));
  await symlink(join(modules, typescript), join(root, "node_modules", "typescript"));
  await symlink(join(modules, "zod"), join(root, "node_modules", "zod"));
  const all = { "package.json": '{"type":"module"}', "tsconfig.json": TSCONFIG, ...files };
  for (const [name, text] of Object.entries(all)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFileAtomic(join(root, name), text);
  }
  return root;
}

/** The property of a path, as the export `Thing` declares it. */
export function chainIn(root: string, path: string): Chain {
  const version = { directory: join(root, "src/api/v1") };
  const target = { endpoint: { consumer: "Thing" }, version } as unknown as Target;
  const chain = chainOf(target, parsePath(path) ?? [], schemaLocator());
  if (!chain) throw new Error(`${path} is declared nowhere`);
  return chain;
}

/** `use.ts:3` for every line that reads a path, and `use.ts:9 whole` for every one that passes on what holds it. */
export async function readersIn(root: string, paths: readonly string[]): Promise<Record<string, string[]>> {
  const chains = paths.map((path) => chainIn(root, path));
  const found = await findReaders(chains, { root, integrations: join(root, "src") });
  if ("unknown" in found) throw new Error(found.unknown);
  const short = (file: string) => file.slice(join(root, "src").length + 1);
  return Object.fromEntries(
    paths.map((path, index) => {
      const { reads, passes } = found.readers.get(chainKey(chains[index] ?? [])) ?? { reads: [], passes: [] };
      return [
        path,
        [
          ...reads.map(({ file, line }) => `${short(file)}:${line}`),
          ...passes.map(({ file, line }) => `${short(file)}:${line} whole`),
        ],
      ];
    }),
  );
}
