import { type Finding, finding } from "../../base/finding.ts";
import type { Target } from "../../config/project.ts";
import { subjectOf } from "../../contract/judge.ts";
import { requestLine, type StoredContract } from "../../contract/store.ts";

/** There is nothing to compare with. */
export function notRecorded(target: Target): Finding {
  return finding({
    rule: "contract/not-recorded",
    severity: "inconclusive",
    message: `${target.label} has no contract yet, so drift cannot be told`,
    help: `integ record ${target.label}`,
    ...subjectOf(target),
  });
}

/** The contract is about another request than the manifest's: nothing can be said. */
export function otherRequest(contract: StoredContract, target: Target): Finding {
  return finding({
    rule: "contract/other-request",
    severity: "inconclusive",
    message: `The contract is about ${contract.request || "an unknown request"}; the manifest asks for ${requestLine(target)}`,
    help: `integ record ${target.label} --force`,
    before: contract.request,
    after: requestLine(target),
    ...subjectOf(target),
  });
}
