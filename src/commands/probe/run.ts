import type { Context } from "../../base/context.ts";
import { EXIT } from "../../base/exit.ts";
import type { Finding } from "../../base/finding.ts";
import type { Result } from "../../base/result.ts";
import { createHttpClient } from "../../http/client.ts";
import { runLoads } from "./load.ts";
import { checkOptions, clientOptions, type Options } from "./options.ts";
import { ProbeRounds } from "./rounds.ts";
import { findSubjects } from "./subjects.ts";
import { watch } from "./watch.ts";

/** A refused credential is for the person to mend, as a missing one is. */
const REFUSED = "probe/unauthorized";

function credentialTrouble(findings: readonly Finding[], secretMissing: boolean): boolean {
  return secretMissing || findings.some(({ rule, severity }) => rule === REFUSED && severity === "error");
}

/**
 * Exit code 4 where a credential is missing or refused, whatever else was found: until that is mended the result is
 * incomplete. Otherwise it follows from the findings.
 */
export async function run(options: Options, ctx: Context): Promise<Result> {
  checkOptions(options, ctx.json);
  const found = await findSubjects(options.targets, options, ctx);
  const client = createHttpClient(await clientOptions(options, ctx));
  try {
    if (options.duration !== undefined) return await runLoads(found, options, { client, ctx });
    const rounds = new ProbeRounds(found, options, { client, ctx });
    await rounds.open();
    try {
      if (options.watch) return await watch(rounds, options, ctx);
      const result = await rounds.probe();
      const trouble = credentialTrouble(result.findings ?? [], found.secretMissing);
      return { ...result, ...(trouble ? { exitCode: EXIT.secret } : {}) };
    } finally {
      rounds.close();
    }
  } finally {
    await client.close();
  }
}
