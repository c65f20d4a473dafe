import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as z from "zod";
import type { ReadText } from "./load.ts";

const names = z.record(z.string(), z.unknown()).catch({});
const manifest = z.object({ name: z.string().catch(""), dependencies: names, devDependencies: names });

/** The package.json of a directory; of a missing or broken one, nothing: it is not ours to judge. */
async function readPackage(
  root: string,
  read: ReadText = (file) => readFile(file, "utf8"),
): Promise<z.infer<typeof manifest>> {
  const nothing = { name: "", dependencies: {}, devDependencies: {} };
  const text = await read(join(root, "package.json")).catch(() => "");
  try {
    return manifest.catch(nothing).parse(JSON.parse(text));
  } catch {
    return nothing;
  }
}

/** What a project is called where its configuration does not say: package.json's name, else the directory's. */
export async function packageName(root: string, read?: ReadText): Promise<string> {
  return (await readPackage(root, read)).name || basename(root);
}

/** Whether the package in `root` names another among its dependencies. */
export async function dependsOn(root: string, name: string): Promise<boolean> {
  const { dependencies, devDependencies } = await readPackage(root);
  return name in dependencies || name in devDependencies;
}
