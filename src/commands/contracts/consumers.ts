import type { Context } from "../../base/context.ts";
import type { Finding } from "../../base/finding.ts";
import { type Consult, consult } from "../../check/consumer/consult.ts";
import { openConsumerHost } from "../../check/consumer/host.ts";
import { openLocator } from "../../check/consumer/locator.ts";
import { applyRuleSeverities } from "../../check/outcome/overrides.ts";
import type { Target } from "../../config/project.ts";
import type { Sample } from "../../contract/judge.ts";

/** Lends the schemas that our code reads answers with; what was started to load them ends with `use`. */
export async function withConsumers<Value>(
  { cwd }: Pick<Context, "cwd">,
  use: (consumers: Consult) => Promise<Value>,
): Promise<Value> {
  const host = openConsumerHost();
  try {
    return await use(consult({ host, locator: openLocator(), cwd }));
  } finally {
    host.close();
  }
}

/** The bodies that a consumer's schema can parse. */
export async function bodiesOf(samples: Iterable<Sample> | AsyncIterable<Sample>): Promise<unknown[]> {
  const bodies: unknown[] = [];
  for await (const { body } of samples) if (body.kind === "json") bodies.push(body.value);
  return bodies;
}

/**
 * The same drift, as bad as our code finds it and the configuration sets it, as `integ check` shows it. What a schema says
 * besides is left to `check` and `diff`: it is nothing that a contract could take over.
 */
export async function asConsumersJudge(
  drift: readonly Finding[],
  { target, samples }: { target: Target; samples: Iterable<Sample> | AsyncIterable<Sample> },
  consumers: Consult,
): Promise<Finding[]> {
  if (drift.length === 0) return [];
  const known = new Set(drift.map(({ fingerprint }) => fingerprint));
  const bodies = target.endpoint.consumer === undefined ? [] : await bodiesOf(samples);
  const judged = await consumers.impact(target, drift, bodies);
  return applyRuleSeverities(
    judged.filter(({ fingerprint }) => known.has(fingerprint)),
    target.project.config.rules,
  );
}
