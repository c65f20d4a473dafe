import type { Finding } from "../../../base/finding.ts";
import type { CheckedEndpoint } from "../../../check/target.ts";
import type { Told } from "../../../notify/changes.ts";

/** What a run came to, for those who are told. */
export interface Outcome {
  /** What counts now: without what a baseline holds. */
  fresh: readonly Finding[];
  /** With it. */
  all: readonly Finding[];
  endpoints: readonly CheckedEndpoint[];
  environment: string;
  /** Every endpoint was looked at, in every respect. */
  everything: boolean;
  /** In every respect, whatever was looked at. */
  everyPart: boolean;
}

/** What was seen on the way to a host, such as its certificate: nobody sees it while the host is out of reach. */
const isOfHost = ({ rule }: Told) => rule.startsWith("provider/");

/** Whether a run looked at what was told, and got an answer: only then can it be gone. */
export function judged({ endpoints, environment, everything, everyPart }: Outcome): (told: Told) => boolean {
  const isOutOfReach = ({ integration }: Told) =>
    endpoints.some((one) => one.integration === integration && one.state === "inconclusive");
  return (told) => {
    if (!everyPart || (told.environment ?? environment) !== environment) return false;
    if (told.endpoint === undefined) return everything && !(isOfHost(told) && isOutOfReach(told));
    const row = endpoints.find(
      (one) =>
        one.integration === told.integration &&
        one.version === told.version &&
        one.endpoint === told.endpoint,
    );
    // What is no endpoint of the project any more cannot break.
    return row ? row.state === "checked" : everything;
  };
}
