import type { Context } from "../../base/context.ts";
import { EXIT } from "../../base/exit.ts";
import type { Finding } from "../../base/finding.ts";
import type { Result } from "../../base/result.ts";
import { createHttpClient } from "../../http/client.ts";
import { DEFAULT_LIMITS } from "../../http/exchange.ts";
import { toReport } from "../../probe/json.ts";
import { judgeProbe } from "../../probe/judge.ts";
import type { ProbeResult } from "../../probe/result.ts";
import { probeAll } from "../../probe/run-all.ts";
import { findSubjects } from "./subjects.ts";
import { renderProbe } from "./view.ts";

interface Options {
  targets: string[];
  env: string | undefined;
  samples: number;
  cold: number;
  pause: number;
  timeout: number | undefined;
  detail: boolean | undefined;
}

/** A refused credential is for the person to mend, as a missing one is. */
const REFUSED = new Set(["probe/unauthorized", "probe/forbidden"]);

function credentialTrouble(findings: readonly Finding[], secretMissing: boolean): boolean {
  return secretMissing || findings.some(({ rule, severity }) => REFUSED.has(rule) && severity === "error");
}

async function measure(
  options: Options,
  ctx: Context,
  subjects: Parameters<typeof probeAll>[0],
): Promise<ProbeResult[]> {
  const client = createHttpClient({ env: ctx.env, clock: ctx.clock });
  try {
    return await probeAll(
      subjects,
      {
        samples: options.samples,
        cold: options.cold === 0 && options.samples === 0 ? 1 : options.cold,
        timeoutMs: options.timeout ?? DEFAULT_LIMITS.deadlineMs,
        pauseMs: options.pause,
      },
      { client, clock: ctx.clock, random: Math.random, signal: ctx.signal },
    );
  } finally {
    await client.close();
  }
}

/**
 * Exit code 4 where a credential is missing or refused, whatever else was found: until that is mended the result is
 * incomplete. Otherwise it follows from the findings.
 */
export async function run(options: Options, ctx: Context): Promise<Result> {
  const {
    subjects,
    findings: before,
    secretMissing,
  } = await findSubjects(options.targets, { env: options.env }, ctx);
  const results = await measure(options, ctx, subjects);
  ctx.signal.throwIfAborted();
  const now = ctx.clock.now();
  const findings = [...before, ...results.flatMap((result) => judgeProbe(result, now))];
  return {
    findings,
    data: { endpoints: results.map(toReport) },
    text: (view) => renderProbe(results, findings, { ...view, detail: options.detail ?? false, now }),
    ...(credentialTrouble(findings, secretMissing) ? { exitCode: EXIT.secret } : {}),
  };
}
