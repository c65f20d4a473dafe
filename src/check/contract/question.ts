import type { Target } from "../../config/project.ts";
import { type Named, type Sample, sampleOf } from "../../contract/judge.ts";
import { contractFile, requestLine } from "../../contract/store.ts";
import type { Observation } from "../observe.ts";

/** What was seen of a target and which contract it is held against: values only, so that any thread can judge it. */
export interface Question {
  /** The contract's file. */
  file: string;
  /** The request that was made, as a contract names it. */
  request: string;
  subject: Named;
  label: string;
  samples: readonly Sample[];
}

function named({ integration, version, environment, endpoint }: Target): Named {
  return {
    integration: { name: integration.name },
    version: { name: version.name },
    environment: { name: environment.name },
    endpoint: { name: endpoint.name },
  };
}

/** Only answers of success are asked about: what an outage, a refused credential or a web page says is no drift. */
export function questionOf({ target, readings }: Observation): Question {
  return {
    file: contractFile(target),
    request: requestLine(target),
    subject: named(target),
    label: target.label,
    samples: readings.flatMap((reading) => {
      const sample = reading.kind === "usable" ? sampleOf(reading.exchange) : undefined;
      return sample ? [sample] : [];
    }),
  };
}
