import { readFile } from "node:fs/promises";
import * as z from "zod";
import { writeFileAtomic } from "../base/files.ts";
import { SEVERITIES } from "../base/finding.ts";
import type { Told } from "./changes.ts";

const toldSchema = z.object({
  fingerprint: z.string(),
  severity: z.enum(SEVERITIES),
  rule: z.string(),
  message: z.string(),
  integration: z.string().exactOptional(),
  version: z.string().exactOptional(),
  environment: z.string().exactOptional(),
  endpoint: z.string().exactOptional(),
});
const stateSchema = z.record(z.string(), z.array(toldSchema));

/** What each channel was told, by its name. A file that is absent or broken knows nothing: everything is told again. */
export async function readTold(file: string): Promise<Map<string, readonly Told[]>> {
  try {
    const parsed = stateSchema.safeParse(JSON.parse(await readFile(file, "utf8")));
    return new Map(Object.entries(parsed.data ?? {}));
  } catch {
    return new Map();
  }
}

/** @throws where the file cannot be written */
export async function writeTold(file: string, told: ReadonlyMap<string, readonly Told[]>): Promise<void> {
  const sorted = [...told].sort(([a], [b]) => (a < b ? -1 : 1));
  await writeFileAtomic(file, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`, 0o600);
}
