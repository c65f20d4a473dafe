/** Process exit codes. One table for the code, `integ help exit-codes` and the docs. */
export const EXIT = {
  ok: 0,
  findings: 1,
  usage: 2,
  incomplete: 3,
  secret: 4,
  bug: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each exit code means, in the reader's words. */
export const EXIT_MEANING: Readonly<Record<ExitCode, string>> = {
  0: "fine, nothing to report",
  1: "findings at or above --fail-on (default: error)",
  2: "wrong usage or configuration",
  3: "could not be completed: unreachable, provider's outage, quota spent; never counted as breaking",
  4: "a secret is missing or refused, or its store is locked or absent",
  5: "a bug in integ",
  130: "interrupted",
};
