import { EXIT, type ExitCode } from "./exit.ts";

/** A position in a file the user wrote. Line and column count from 1. */
export interface Location {
  file: string;
  line: number;
  column: number;
  endLine?: number;
  endColumn?: number;
}

/** One thing wrong with a file the user wrote. */
export interface Problem {
  /** Stable id, `config/unknown-key`. */
  code: string;
  message: string;
  location?: Location;
  /** The lines around the place, with a marker below it; plain text, no colour. */
  frame?: string;
  /** What could stand there instead, sorted. */
  known?: readonly string[];
  hint?: string;
}

interface ErrorDetails {
  /** Stable id in `room/what` form; shown, and part of the JSON output. */
  code: string;
  /** What to do next, as a command where there is one. */
  hint?: string | undefined;
  cause?: unknown;
}

/**
 * A failure that the user can act on. Its message says what failed, where and why; `hint` says what to do.
 * Anything thrown that is not an `IntegError` is a bug of ours.
 */
export class IntegError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(message: string, exitCode: ExitCode, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.exitCode = exitCode;
    this.hint = details.hint;
  }
}

/** A wrong command line: unknown command, flag or target, a missing argument, flags that exclude each other. */
export class UsageError extends IntegError {
  constructor(message: string, details: ErrorDetails) {
    super(message, EXIT.usage, details);
  }
}

/** The user's configuration or another file of theirs is wrong; carries every problem found, not just the first. */
export class ConfigError extends IntegError {
  readonly problems: readonly Problem[];

  constructor(message: string, details: ErrorDetails & { problems?: readonly Problem[] }) {
    super(message, EXIT.usage, details);
    this.problems = details.problems ?? [];
  }
}

/** The work could not be completed for a reason outside the project: network, outage, spent quota, full disk. */
export class IncompleteError extends IntegError {
  constructor(message: string, details: ErrorDetails) {
    super(message, EXIT.incomplete, details);
  }
}

/** The six ways a stored secret can fail to be there; never confused with one another. */
export type SecretState =
  | "missing"
  | "locked"
  | "unavailable"
  | "ambiguous"
  | "corrupt"
  | "stale-revision"
  | "refused";

/** A secret or its store could not be used. The message never holds the value. */
export class SecretError extends IntegError {
  readonly state: SecretState;

  constructor(message: string, state: SecretState, details: Omit<ErrorDetails, "code">) {
    super(message, EXIT.secret, { ...details, code: `secret/${state}` });
    this.state = state;
  }
}

/** The user pressed Ctrl-C or closed a prompt. */
export class InterruptedError extends IntegError {
  constructor(message = "Interrupted") {
    super(message, EXIT.interrupted, { code: "interrupted" });
  }
}
