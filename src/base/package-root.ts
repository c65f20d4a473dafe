import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A file of integ's own package, such as a template, whether integ runs bundled or from its sources. Absolute. */
export function packageFile(...segments: readonly string[]): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, "package.json"))) {
    if (dirname(directory) === directory) throw new Error("integ's own package.json is missing");
    directory = dirname(directory);
  }
  return join(directory, ...segments);
}
