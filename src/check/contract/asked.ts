import type { Target } from "../../config/project.ts";
import type { Named } from "../../contract/judge.ts";
import { contractFile, requestLine } from "../../contract/store/names.ts";

/** An endpoint whose contract is wanted: values only, so that any thread can read it. */
export interface Asked {
  /** The contract's file. */
  file: string;
  /** Where the user stands. */
  cwd: string;
  /** The request that was made, as a contract names it. */
  request: string;
  subject: Named;
  label: string;
}

export function askedOf(target: Target, cwd: string): Asked {
  const { integration, version, environment, endpoint } = target;
  return {
    file: contractFile(target),
    cwd,
    request: requestLine(target),
    subject: {
      integration: { name: integration.name },
      version: { name: version.name },
      environment: { name: environment.name },
      endpoint: { name: endpoint.name },
    },
    label: target.label,
  };
}
