import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { type Run, run, temporaryDirectory } from "./cli.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** What a scaffolded module and its tests import, by link: no registry is asked. */
const PACKAGES = ["zod", "msw", "vitest", "typescript", "@types/node", "undici-types"];

const COMPILER = {
  compilerOptions: {
    target: "ES2023",
    lib: ["ES2023"],
    module: "NodeNext",
    moduleResolution: "NodeNext",
    types: ["node"],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    noImplicitOverride: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ["src"],
};

/** A project as a user begins one: package.json, strict tsconfig, an integ configuration, and node_modules by links. */
export async function freshProject(
  config = "environments:\n  dev:\n  prod:\n    protected: true\n",
  finished?: (work: () => Promise<void>) => void,
): Promise<string> {
  const root = await temporaryDirectory(finished);
  await writeFile(
    join(root, "package.json"),
    JSON.stringify({ name: "shop", type: "module", private: true }),
  );
  await writeFile(join(root, "tsconfig.json"), JSON.stringify(COMPILER));
  await writeFile(join(root, "integ.config.yaml"), config);
  for (const name of PACKAGES) {
    const link = join(root, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(repository, "node_modules", name), link, "junction");
  }
  await symlink(repository, join(root, "node_modules", "integ"), "junction");
  return root;
}

/**
 * How tests call the compiler: on several threads each checks again what others have checked, a third of all its work, and the
 * other cores have tests to run.
 */
export const ONE_THREAD = "--singleThreaded";

/** The compiler's verdict on a project, as its own `tsc` gives it. @param flags further ones, such as to write what it compiles */
export function typeCheck(root: string, flags: readonly string[] = []): Promise<Run> {
  const tsc = join(repository, "node_modules", "typescript", "bin", "tsc");
  return run(process.execPath, [tsc, "-p", root, ONE_THREAD, ...flags], { cwd: root, timeout: 120_000 });
}

/** One worker that keeps what it has imported: MSW alone is most of the time of a test file. */
const SHARED = ["--no-isolate", "--maxWorkers=1"];

/** Runs the project's own tests, as its `vitest run` does. @param flags further ones, such as what to leave out */
export function runTests(root: string, flags: readonly string[] = []): Promise<Run> {
  const vitest = join(repository, "node_modules", "vitest", "vitest.mjs");
  return run(process.execPath, [vitest, "run", "--root", root, ...SHARED, ...flags], {
    cwd: root,
    env: { NO_COLOR: "1", CI: "1" },
    timeout: 240_000,
  });
}

/**
 * Biome's verdict on a project's sources: format at the settings that Prettier has too, and the lint rules of this
 * repository, which are the recommended ones and a few that are stricter.
 * @param inert what is only formatted: a linter suspects code in texts
 */
export async function lint(root: string, inert: string): Promise<Run> {
  const biome = join(repository, "node_modules", "@biomejs", "biome", "bin", "biome");
  const { linter } = z
    .looseObject({ linter: z.json() })
    .parse(JSON.parse(await readFile(join(repository, "biome.json"), "utf8")));
  const settings = {
    linter,
    files: { includes: ["**/*.ts"] },
    formatter: { indentStyle: "space" },
    overrides: [{ includes: [inert], linter: { enabled: false } }],
  };
  await writeFile(join(root, "biome.json"), JSON.stringify(settings));
  return run(process.execPath, [biome, "check", "--error-on-warnings", "src"], {
    cwd: root,
    timeout: 60_000,
  });
}

export function readProjectFile(root: string, path: string): Promise<string> {
  return readFile(join(root, path), "utf8");
}
