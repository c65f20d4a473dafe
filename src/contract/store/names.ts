import { join } from "node:path";
import type { Target } from "../../config/project.ts";

/** Where a target's contract lies: `contract/<endpoint>.json` in the directory of its version. */
export function contractFile(target: Target): string {
  return join(target.version.directory, "contract", `${target.endpoint.name}.json`);
}

/** The request a contract is about, as it is written in it. */
export function requestLine(target: Target): string {
  return `${target.endpoint.method} ${target.endpoint.path}`;
}
