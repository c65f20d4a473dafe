import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { TestProject } from "vitest/node";
import { install, SERVERS } from "./registry.ts";

async function newest(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Math.max(...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs));
}

/** The tests drive the built CLI: build it when the sources are newer than it. */
async function build(): Promise<void> {
  const sources = Math.max(await newest("src"), statSync("package.json").mtimeMs);
  const built = statSync("dist/main.cjs", { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built < sources) execFileSync("npm", ["run", "build"], { stdio: "inherit" });
}

/** Installs the servers that test files will start, one after the other; what fails here is tried and told by its test. */
async function installServers(files: readonly string[], signal: AbortSignal): Promise<void> {
  const asked = new Set(files.map((file) => basename(file)));
  for (const [file, packages] of Object.entries(SERVERS)) {
    if (!asked.has(file)) continue;
    for (const one of Object.values(packages)) await install(one, signal).catch(() => {});
  }
}

/** Runs once, before the first test. Other people's servers are installed beside the tests that need none. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!project.isRootProject()) return undefined;
  await build();
  const over = new AbortController();
  const installing = installServers(project.vitest.state.getPaths(), over.signal);
  return () => {
    over.abort();
    return installing;
  };
}
