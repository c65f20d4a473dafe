import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result } from "../../base/result.ts";
import { plural } from "../../base/text.ts";
import { Recorder } from "../../contract/record.ts";
import { formatContract, writeContract } from "../../contract/store.ts";
import { learn, textsIn } from "./samples.ts";

interface Wishes {
  from?: readonly string[] | undefined;
  force: boolean | undefined;
  dryRun: boolean | undefined;
}

/** Writes the contract of sample files to a file, with no project at all; `-` prints it. */
export async function recordFile(
  out: string,
  { from = [], force, dryRun }: Wishes,
  ctx: Context,
): Promise<Result> {
  if (from.length === 0) {
    throw new UsageError("--out needs samples", {
      code: "usage/out",
      hint: "integ record --from answers.json --out contract.json",
    });
  }
  const recorder = new Recorder();
  await learn(textsIn(from, ctx), recorder);
  const contract = recorder.contract({ request: "", title: out === "-" ? "samples" : out });
  const { samples } = recorder;
  if (out === "-") return { data: { samples }, text: () => formatContract(contract).trimEnd() };
  const file = resolve(ctx.cwd, out);
  if (existsSync(file) && !force) {
    throw new UsageError(`${out} is there already`, { code: "usage/exists", hint: "--force replaces it" });
  }
  ctx.signal.throwIfAborted();
  if (!dryRun) await writeContract(file, contract);
  return {
    data: { dryRun: dryRun === true, file: out, samples },
    text: () => `${dryRun ? "would write" : "wrote"} ${out}, from ${plural(samples, "sample")}`,
  };
}
