import type { Finding } from "../../base/finding.ts";
import { judge } from "../../contract/judge.ts";
import { contractFor } from "./contract-for.ts";
import type { Question } from "./question.ts";

/** Judges what was seen of a target by its contract. Severities of the configuration are applied at the end of the run. */
export async function judgeContract({ samples, ...asked }: Question): Promise<Finding[]> {
  const found = await contractFor(asked);
  if (found.contract === undefined) return [found.finding];
  const { contract } = found;
  return samples.length === 0 ? [] : judge({ contract, samples, target: asked.subject });
}
