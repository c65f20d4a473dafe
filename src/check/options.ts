import type { Finding } from "../base/finding.ts";
import type { Target } from "../config/project.ts";
import type { Limits } from "../http/exchange.ts";
import type { Part } from "./parts.ts";
import type { CheckedEndpoint } from "./target.ts";

/** What is asked of one check. */
export interface CheckOptions {
  parts: ReadonlySet<Part>;
  samples: number;
  limits: Partial<Limits>;
  /** Milliseconds for the whole run. */
  maxTimeMs?: number;
  /** At most so many exchanges at once with one host, and altogether. */
  concurrency?: { perHost: number; total: number };
  /** Whether every target of the project is checked: only then may a waiver without target be unused. */
  everything: boolean;
  /** The run is one of several that share the work: no waiver is unused, for the others may need it. */
  part?: boolean;
  /** How many such runs there are that know nothing of each other: each uses its part of every quota. Default 1. */
  quotaParts?: number;
  /** What was found about the project as a whole; counted where the configuration is looked at. */
  project?: readonly Finding[];
  signal: AbortSignal;
  /** Told after each target. */
  progress?: (done: number, total: number, target: Target) => void;
}

export interface CheckResult {
  findings: Finding[];
  endpoints: CheckedEndpoint[];
}
