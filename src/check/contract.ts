import { ConfigError } from "../base/errors.ts";
import { type Finding, finding } from "../base/finding.ts";
import type { Target } from "../config/project.ts";
import { judge, type Sample, sampleOf } from "../contract/judge.ts";
import { contractFile, readContract, requestLine } from "../contract/store.ts";
import { type Reading, subjectOf } from "./availability.ts";
import type { Observation } from "./observe.ts";
import { CHECK_RULES } from "./rules.ts";

function notRecorded(target: Target): Finding {
  return finding({
    rule: CHECK_RULES.notRecorded.id,
    severity: CHECK_RULES.notRecorded.severity,
    message: `${target.label} has no contract yet, so drift cannot be told`,
    help: `integ record ${target.label} --env ${target.environment.name}`,
    ...subjectOf(target),
  });
}

function unreadable(target: Target, { message, hint, code }: ConfigError): Finding {
  return finding({
    rule: code,
    severity: "error",
    message,
    ...subjectOf(target),
    ...(hint === undefined ? {} : { help: hint }),
  });
}

function otherRequest(target: Target, recorded: string): Finding {
  return finding({
    rule: "contract/other-request",
    severity: "inconclusive",
    message: `The contract of ${target.label} was recorded for another request`,
    help: `integ record ${target.label} --force --env ${target.environment.name}`,
    before: recorded,
    after: requestLine(target),
    ...subjectOf(target),
  });
}

function samplesOf(readings: readonly Reading[]): Sample[] {
  return readings.flatMap((reading) => {
    const sample = reading.kind === "usable" ? sampleOf(reading.exchange) : undefined;
    return sample ? [sample] : [];
  });
}

/**
 * Judges what was seen of a target by its contract. Only answers of success go in: what an outage, a refused credential or
 * a web page says is told elsewhere, and is no drift. Severities of the configuration are applied at the end of the run.
 * A contract that cannot be read is a finding, not an end.
 */
export async function judgeContract({ target, readings }: Observation): Promise<Finding[]> {
  try {
    const contract = await readContract(contractFile(target));
    if (!contract) return [notRecorded(target)];
    if (contract.request !== requestLine(target)) return [otherRequest(target, contract.request)];
    const samples = samplesOf(readings);
    return samples.length === 0 ? [] : judge({ contract, samples, target });
  } catch (error) {
    if (error instanceof ConfigError) return [unreadable(target, error)];
    throw error;
  }
}
