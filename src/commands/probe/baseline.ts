import { readFile } from "node:fs/promises";
import { UsageError } from "../../base/errors.ts";
import { writeFileAtomic } from "../../base/files.ts";
import { compareRuns, type RunSamples } from "../../probe/compare.ts";
import { latencyOf } from "../../probe/latency.ts";
import { type Compared, historyKey, samplesOf } from "../../probe/record.ts";
import type { ProbeResult } from "../../probe/result.ts";

/** The samples of a run, by what they are compared under. */
interface SavedRun {
  run: "integ/1";
  subjects: Record<string, RunSamples>;
}

const keyOf = (result: ProbeResult) => historyKey(result.subject, latencyOf(result).of);

export async function saveRun(file: string, results: readonly ProbeResult[]): Promise<void> {
  const subjects = Object.fromEntries(results.map((result) => [keyOf(result), samplesOf(result)]));
  const saved: SavedRun = { run: "integ/1", subjects };
  await writeFileAtomic(file, `${JSON.stringify(saved)}\n`);
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => typeof one === "number" && Number.isFinite(one));

function isSamples(value: unknown): value is RunSamples {
  return (
    typeof value === "object" &&
    value !== null &&
    "totals" in value &&
    isNumbers(value.totals) &&
    "phases" in value &&
    typeof value.phases === "object" &&
    value.phases !== null &&
    Object.values(value.phases).every(isNumbers)
  );
}

function parse(text: string): Map<string, RunSamples> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("run" in value) || value.run !== "integ/1")
      return undefined;
    if (!("subjects" in value) || typeof value.subjects !== "object" || value.subjects === null)
      return undefined;
    const entries = Object.entries(value.subjects);
    return entries.every((entry): entry is [string, RunSamples] => isSamples(entry[1]))
      ? new Map(entries)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A run that `--save` wrote. @throws UsageError where the file is none */
export async function readBaseline(
  file: string,
  shown: string,
): Promise<{ compare(result: ProbeResult): Compared }> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new UsageError(`--baseline: ${shown} cannot be read`, { code: "usage/file", cause: error });
  });
  const saved = parse(text);
  if (!saved) {
    throw new UsageError(`--baseline: ${shown} is no saved run`, {
      code: "usage/file",
      hint: "integ probe … --save FILE writes one",
    });
  }
  return {
    compare: (result) => {
      const before = saved.get(keyOf(result));
      return { ...compareRuns(samplesOf(result), before ? [before] : []), confirmed: false };
    },
  };
}
