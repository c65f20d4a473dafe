import type { IncompleteError } from "./errors.ts";
import type { Finding } from "./finding.ts";

/** Styling by meaning; the identity where the stream has no colour. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  cyan(text: string): string;
}

/** What a command hands to `main`: data and how a person reads it. `main` decides which of the two is printed. */
export interface Result {
  findings?: readonly Finding[];
  /** The command's own part of the JSON report. */
  data?: Record<string, unknown>;
  /** What a person reads on stdout; without a trailing newline. Empty or absent: nothing is printed. */
  text?: (view: { style: Style; columns: number }) => string;
  /** Overrides the exit code that follows from the findings: one of `EXIT`, or a child's own. */
  exitCode?: number;
  /** What could not be done beside: a report that could not be written. Told on stderr; where nothing else was wrong, the exit code is theirs. */
  failures?: readonly IncompleteError[];
  /** At most three lines for stderr: what to do next. */
  next?: readonly string[];
}
