import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import { listOf } from "../../base/text.ts";
import { execute } from "../../secrets/program.ts";
import type { Fault } from "./trial.ts";

/** As strict as a project may be. */
const COMPILER = {
  compilerOptions: {
    target: "ES2022",
    lib: ["ES2023"],
    module: "NodeNext",
    moduleResolution: "NodeNext",
    types: ["node"],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    skipLibCheck: true,
    rootDir: "src",
    outDir: "out",
  },
  include: ["src"],
};

const TOOLS = { typescript: "typescript/bin/tsc", vitest: "vitest/vitest.mjs" } as const;

function toolsIn(root: string): Record<keyof typeof TOOLS, string> {
  const at = (path: string) => join(root, "node_modules", path);
  const missing = [...Object.keys(TOOLS), "msw", "zod", "@types/node"].filter(
    (name) => !existsSync(at(name)),
  );
  if (missing.length === 0) return { typescript: at(TOOLS.typescript), vitest: at(TOOLS.vitest) };
  throw new UsageError(`--run needs ${listOf(missing, "and")} in the project`, {
    code: "scaffold/template",
    hint: `npm install --save-dev ${missing.join(" ")}`,
  });
}

interface Step {
  what: string;
  command: string[];
}

/** Compiles the modules that a template gave, and runs their tests: code of the template's. */
export async function runTrial(
  files: ReadonlyMap<string, string>,
  root: string,
  ctx: Context,
): Promise<Fault[]> {
  const { typescript, vitest } = toolsIn(root);
  // Below the root, so that imports find the project's packages; ignored by git.
  await mkdir(join(root, ".integ"), { recursive: true });
  const home = await mkdtemp(join(root, ".integ", "template-"));
  try {
    await writeFile(join(home, "package.json"), '{ "type": "module", "private": true }\n');
    await writeFile(join(home, "tsconfig.json"), JSON.stringify(COMPILER));
    for (const [path, content] of files) {
      const file = join(home, "src", path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    const compiled = [...files.keys()]
      .filter((path) => /^node-.*\.test\.ts$/.test(path))
      .map((path) => join(home, "out", path.replace(/ts$/, "js")));
    const steps: Step[] = [
      { what: "it does not compile", command: ["node", typescript, "-p", home] },
      {
        what: "its tests fail with vitest",
        command: ["node", vitest, "run", "--root", home, "--dir", "src", "--exclude", "**/node-*/**"],
      },
      {
        what: "its tests fail with node:test",
        command: ["node", "--test", "--test-reporter=tap", ...compiled],
      },
    ];
    for (const { what, command } of steps) {
      ctx.signal.throwIfAborted();
      ctx.io.note(`running ${command.slice(1, 3).join(" ").replace(`${root}/`, "")} …`);
      const { code, stdout, stderr } = await execute(
        { command, cwd: home, env: { ...ctx.env, CI: "1" } },
        "",
      );
      if (code !== 0)
        return [{ module: "all", message: `${what}\n${(stdout + stderr).trim().slice(0, 4000)}` }];
    }
    return [];
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
