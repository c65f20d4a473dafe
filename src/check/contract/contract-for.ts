import { relative } from "node:path";
import { ConfigError } from "../../base/errors.ts";
import { type Finding, finding } from "../../base/finding.ts";
import { subjectOf } from "../../contract/judge.ts";
import { readContract, type StoredContract } from "../../contract/store.ts";
import { CHECK_RULES } from "../rules.ts";
import type { Asked } from "./asked.ts";

/** A contract that answers to the request can be judged by, or why there is none. */
export type ContractFor =
  | { contract: StoredContract }
  | { contract?: never; why: "not-recorded" | "other-request" | "unreadable"; finding: Finding };

/**
 * What an endpoint's contract file holds, whatever request it is about; nothing where there is none. One that cannot be read is a
 * finding, not an end: it spoils no other endpoint.
 */
export async function storedFor(asked: Asked): Promise<{ contract?: StoredContract; unreadable?: Finding }> {
  try {
    const contract = await readContract(asked.file);
    return contract ? { contract } : {};
  } catch (error) {
    if (error instanceof ConfigError) return { unreadable: unreadable(asked, error) };
    throw error;
  }
}

/** The contract of an endpoint, where it is about the request that was made. */
export async function contractFor(asked: Asked): Promise<ContractFor> {
  const { contract, unreadable: broken } = await storedFor(asked);
  if (broken) return { why: "unreadable", finding: broken };
  if (!contract) return { why: "not-recorded", finding: notRecorded(asked) };
  if (contract.request !== asked.request)
    return { why: "other-request", finding: otherRequest(asked, contract.request) };
  return { contract };
}

function notRecorded({ subject, label }: Asked): Finding {
  return finding({
    rule: CHECK_RULES.notRecorded.id,
    severity: CHECK_RULES.notRecorded.severity,
    message: `${label} has no contract yet, so drift cannot be told`,
    help: `integ record ${label} --env ${subject.environment.name}`,
    ...subjectOf(subject),
  });
}

function unreadable({ subject, file, cwd, label }: Asked, { message, code, problems }: ConfigError): Finding {
  const [problem] = problems;
  const name = relative(cwd, file);
  const reason = problem === undefined ? message : `The contract ${name} cannot be read: ${problem.message}`;
  return finding({
    rule: code,
    severity: "error",
    message: reason,
    ...subjectOf(subject),
    help: `restore it from git, or record it anew: integ record ${label} --force --env ${subject.environment.name}`,
    ...(problem?.location ? { location: { ...problem.location, file: name } } : {}),
  });
}

function otherRequest({ subject, label, request }: Asked, recorded: string): Finding {
  return finding({
    rule: "contract/other-request",
    severity: "inconclusive",
    message: `The contract of ${label} is about ${recorded || "an unknown request"}; the manifest asks for ${request}`,
    help: `integ record ${label} --force --env ${subject.environment.name}`,
    before: recorded,
    after: request,
    ...subjectOf(subject),
  });
}
