import { relative, sep } from "node:path";
import type { Finding } from "../../base/finding.ts";
import type { Target } from "../../config/project.ts";
import type { SchemaLocator } from "../consumer/source/locate.ts";
import { parsePath } from "../path.ts";
import { chainOf } from "./chain.ts";
import type { FoundReaders } from "./find.ts";
import { type Chain, chainKey, type ReaderPlace, type Readers } from "./search.ts";

export interface ReadersRoom {
  find(chains: readonly Chain[]): Promise<FoundReaders>;
  locator: SchemaLocator;
  /** Paths in findings are relative to it. */
  cwd: string;
  /** Told why readers are not known. */
  note(text: string): void;
}

/** So many lines stand in a finding; the others are counted. */
export const LISTED = 10;

const isOfConsumer = ({ rule, severity, evidence, path }: Finding) =>
  path !== undefined &&
  (severity === "error" || severity === "warning") &&
  (rule === "consumer/rejected" || (rule.startsWith("contract/") && evidence?.consumer !== undefined));

function targetOf(finding: Finding, targets: readonly Target[]): Target | undefined {
  return targets.find(
    ({ integration, version, environment, endpoint }) =>
      integration.name === finding.integration &&
      version.name === finding.version &&
      environment.name === finding.environment &&
      endpoint.name === finding.endpoint,
  );
}

function listed(name: string, places: readonly ReaderPlace[], cwd: string): Record<string, unknown> {
  if (places.length === 0) return {};
  const shown = places.slice(0, LISTED).map(({ file, line, column }) => {
    const path = relative(cwd, file);
    return { file: (path.startsWith("..") ? file : path).split(sep).join("/"), line, column };
  });
  const more = places.length - shown.length;
  return { [name]: shown, ...(more > 0 ? { [`${name}More`]: more } : {}) };
}

/** Gone for good, as far as evidence goes. */
const isCertainlyGone = ({ rule, evidence }: Finding) =>
  rule === "contract/property-removed" && evidence?.thin !== true;

/**
 * What our schema refuses breaks us whoever reads it. What it takes is an info where no code of ours reads it; and where a
 * property that was always there is gone and code reads it, that code goes wrong in silence: an error.
 */
function severityFor(finding: Finding, { reads, passes, unseen }: Readers): Finding["severity"] {
  if (finding.severity !== "warning") return finding.severity;
  if (reads.length > 0) return isCertainlyGone(finding) ? "error" : "warning";
  return passes.length > 0 || unseen ? "warning" : "info";
}

function withReaders(finding: Finding, readers: Readers, cwd: string): Finding {
  const { reads, passes, unseen } = readers;
  // That nobody reads it is only known where everybody was looked at.
  const nobody = unseen ? {} : { readBy: [] };
  return {
    ...finding,
    severity: severityFor(finding, readers),
    evidence: {
      ...finding.evidence,
      ...(reads.length === 0 ? nobody : listed("readBy", reads, cwd)),
      ...listed("passedOnAt", passes, cwd),
    },
  };
}

/**
 * Adds to findings about what our schemas read the lines of the codebase that read it through the type, and takes from
 * severity what nobody reads. Findings stay as they are where readers cannot be known.
 */
export async function judgeReaders(
  findings: readonly Finding[],
  targets: readonly Target[],
  { find, locator, cwd, note }: ReadersRoom,
): Promise<Finding[]> {
  const chains = new Map<Finding, Chain>();
  for (const one of findings) {
    const target = isOfConsumer(one) ? targetOf(one, targets) : undefined;
    const path = parsePath(one.path ?? "");
    const chain = target && path ? chainOf(target, path, locator) : undefined;
    if (chain) chains.set(one, chain);
  }
  if (chains.size === 0) return [...findings];
  const found = await find([...chains.values()]);
  if ("unknown" in found) {
    note(`who reads what breaks is not known: ${found.unknown}`);
    return [...findings];
  }
  return findings.map((one) => {
    const chain = chains.get(one);
    const readers = chain && found.readers.get(chainKey(chain));
    return readers ? withReaders(one, readers, cwd) : one;
  });
}
