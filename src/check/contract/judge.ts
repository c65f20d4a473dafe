import { ConfigError } from "../../base/errors.ts";
import { type Finding, finding } from "../../base/finding.ts";
import { judge, subjectOf } from "../../contract/judge.ts";
import { readContract } from "../../contract/store.ts";
import { CHECK_RULES } from "../rules.ts";
import type { Question } from "./question.ts";

function notRecorded({ subject, label }: Question): Finding {
  return finding({
    rule: CHECK_RULES.notRecorded.id,
    severity: CHECK_RULES.notRecorded.severity,
    message: `${label} has no contract yet, so drift cannot be told`,
    help: `integ record ${label} --env ${subject.environment.name}`,
    ...subjectOf(subject),
  });
}

function unreadable({ subject }: Question, { message, hint, code }: ConfigError): Finding {
  return finding({
    rule: code,
    severity: "error",
    message,
    ...subjectOf(subject),
    ...(hint === undefined ? {} : { help: hint }),
  });
}

function otherRequest({ subject, label, request }: Question, recorded: string): Finding {
  return finding({
    rule: "contract/other-request",
    severity: "inconclusive",
    message: `The contract of ${label} was recorded for another request`,
    help: `integ record ${label} --force --env ${subject.environment.name}`,
    before: recorded,
    after: request,
    ...subjectOf(subject),
  });
}

/**
 * Judges what was seen of a target by its contract. Severities of the configuration are applied at the end of the run. A
 * contract that cannot be read is a finding, not an end.
 */
export async function judgeContract(question: Question): Promise<Finding[]> {
  const { file, request, subject, samples } = question;
  try {
    const contract = await readContract(file);
    if (!contract) return [notRecorded(question)];
    if (contract.request !== request) return [otherRequest(question, contract.request)];
    return samples.length === 0 ? [] : judge({ contract, samples, target: subject });
  } catch (error) {
    if (error instanceof ConfigError) return [unreadable(question, error)];
    throw error;
  }
}
