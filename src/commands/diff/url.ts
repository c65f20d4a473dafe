import { resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { IncompleteError, UsageError } from "../../base/errors.ts";
import type { Result } from "../../base/result.ts";
import { judge, type Sample, sampleOf } from "../../contract/judge.ts";
import { readContract } from "../../contract/store.ts";
import { createHttpClient } from "../../http/client.ts";
import { redactUrl } from "../../http/redact.ts";
import { USER_AGENT } from "../../http/request.ts";
import { renderFindings } from "../../report/terminal.ts";
import type { DiffOptions } from "./run.ts";

/** What a URL answers against the contract in a file, with no project at all. */
export async function diffUrl(
  url: string,
  file: string,
  options: DiffOptions,
  ctx: Context,
): Promise<Result> {
  const contract = await readContract(resolve(ctx.cwd, file));
  if (contract === undefined) {
    throw new UsageError(`There is no file ${file}`, { code: "usage/no-file" });
  }
  const samples = await ask(url, options, ctx);
  const findings = judge({ contract, samples });
  return {
    findings,
    data: { url: redactUrl(url), against: file, samples: samples.length },
    text: ({ style, columns }) => renderFindings(findings, { style, columns, sources: new Map() }),
  };
}

async function ask(url: string, { samples: wanted, timeout }: DiffOptions, ctx: Context): Promise<Sample[]> {
  if (!URL.canParse(url))
    throw new UsageError(`\`${redactUrl(url)}\` is not a valid URL`, { code: "usage/url" });
  const http = createHttpClient({ env: ctx.env, clock: ctx.clock });
  const samples: Sample[] = [];
  try {
    for (let count = 0; count < wanted; count++) {
      const exchange = await http.exchange(
        { method: "GET", url, headers: { accept: "application/json", "user-agent": USER_AGENT } },
        { limits: timeout === undefined ? {} : { deadlineMs: timeout }, signal: ctx.signal },
      );
      ctx.signal.throwIfAborted();
      const { failure } = exchange;
      if (failure)
        throw new IncompleteError(failure.message, { code: `http/${failure.kind}`, hint: failure.hint });
      const sample = sampleOf(exchange);
      if (sample) samples.push(sample);
    }
  } finally {
    await http.close();
  }
  return samples;
}
