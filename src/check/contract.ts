import { ConfigError } from "../base/errors.ts";
import { type Finding, finding } from "../base/finding.ts";
import type { Target } from "../config/project.ts";
import { contractFile, readContract } from "../contract/store.ts";
import { subjectOf } from "./availability.ts";
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

/** Judges what was seen of a target by its contract. A contract that cannot be read is a finding, not an end. */
export async function judgeContract({ target }: Observation): Promise<Finding[]> {
  try {
    const contract = await readContract(contractFile(target));
    return contract ? [] : [notRecorded(target)];
  } catch (error) {
    if (error instanceof ConfigError) return [unreadable(target, error)];
    throw error;
  }
}
