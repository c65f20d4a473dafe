import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import { plural } from "../../base/text.ts";
import type { Project, Target } from "../../config/project.ts";
import { replayHar } from "../../http/har.ts";
import { brokenNotes } from "../../http/har-entries.ts";
import { type LiveOptions, replay, type Seen, see } from "../contracts/live.ts";
import { answersIn } from "./samples.ts";
import type { Answers } from "./target.ts";

interface Sources extends LiveOptions {
  from?: readonly string[] | undefined;
  fromHar?: string | undefined;
}

/** The answers to record: from the network, from a HAR file, or from files with bodies. */
export async function source(
  project: Project,
  targets: readonly Target[],
  options: Sources,
  ctx: Context,
): Promise<Answers[]> {
  const [target, ...others] = targets;
  if (options.from !== undefined && options.from.length > 0) {
    if (target === undefined || others.length > 0) {
      throw new UsageError("--from holds answers of one endpoint: name it", {
        code: "usage/one-target",
        hint: "integ record stripe/get-balance --from balance.json",
      });
    }
    // What a consumer's schema reads, it is asked about where the contract has drifted.
    const again = target.endpoint.consumer !== undefined;
    const answers = answersIn(options.from, ctx, { again });
    return [{ target, ...answers, findings: [], secretTrouble: false }];
  }
  if (options.fromHar !== undefined) return fromHar(options.fromHar, targets, ctx);
  ctx.io.note(`asking ${plural(targets.length, "endpoint")}, ${plural(options.samples, "time")} each`);
  return see(project, targets, options, ctx);
}

async function fromHar(file: string, targets: readonly Target[], ctx: Context): Promise<Seen[]> {
  const text = await readFile(resolve(ctx.cwd, file), "utf8").catch((error: unknown) => {
    throw new UsageError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      {
        code: "usage/no-file",
        cause: error,
      },
    );
  });
  const { client, broken } = replayHar(text, file);
  for (const line of brokenNotes(file, broken)) ctx.io.note(line);
  return Promise.all(targets.map((target) => replay(target, client)));
}
