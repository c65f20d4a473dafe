import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";

/** What a project is called where its configuration does not say: package.json's name, else the directory's. */
export async function packageName(root: string): Promise<string> {
  try {
    const parsed: unknown = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    if (typeof parsed === "object" && parsed !== null && "name" in parsed && typeof parsed.name === "string")
      return parsed.name || basename(root);
  } catch {
    // No package.json, or a broken one: not ours to judge.
  }
  return basename(root);
}
