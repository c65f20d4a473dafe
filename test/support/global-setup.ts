import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

async function newest(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Math.max(...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs));
}

/** The tests drive the built CLI: build it when the sources are newer than it. */
export async function setup(): Promise<void> {
  const sources = Math.max(await newest("src"), statSync("package.json").mtimeMs);
  const built = statSync("dist/main.js", { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built < sources) execFileSync("npm", ["run", "build"], { stdio: "inherit" });
}
