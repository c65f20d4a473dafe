import { ConfigError, IntegError, type Problem } from "../base/errors.ts";
import { EXIT, type ExitCode } from "../base/exit.ts";
import { fileFailure } from "../base/file-failure.ts";
import type { Style } from "../base/result.ts";
import { neutralize } from "../base/text.ts";

/** What is printed of an error, and the exit code it leads to. */
export interface Failure {
  exitCode: ExitCode;
  text: string;
  json: Record<string, unknown>;
}

function describeProblem(problem: Problem, style: Style): string {
  const at = problem.location
    ? `${problem.location.file}:${problem.location.line}:${problem.location.column}  `
    : "";
  const lines = [
    `${style.bold(at)}${style.dim(problem.code)}`,
    `  ${style.red("x")} ${neutralize(problem.message)}`,
  ];
  if (problem.frame) lines.push(problem.frame.replace(/^/gm, "  "));
  if (problem.known?.length) lines.push(`  ${style.dim("i")} Known keys: ${problem.known.join(", ")}`);
  if (problem.hint) lines.push(`  ${style.cyan("hint:")} ${neutralize(problem.hint)}`);
  return lines.join("\n");
}

function describeKnown(error: IntegError, style: Style): string {
  const problems = error instanceof ConfigError ? error.problems : [];
  const lines = problems.map((problem) => `${describeProblem(problem, style)}\n`);
  lines.push(`${style.red("error:")} ${neutralize(error.message, { multiline: true })}`);
  if (error.hint) lines.push(`${style.cyan("hint:")} ${neutralize(error.hint, { multiline: true })}`);
  return lines.join("\n");
}

function causes(error: unknown): string[] {
  if (!(error instanceof Error)) return error === undefined ? [] : [String(error)];
  return [error.stack ?? error.message, ...causes(error.cause)];
}

function describeBug(error: unknown, style: Style): string {
  const message = error instanceof Error ? error.message : String(error);
  return [
    `${style.red("error:")} ${neutralize(message, { multiline: true })}`,
    "This is a bug in integ. Please report it with the output of the same command under --verbose.",
  ].join("\n");
}

/** The one place where an error becomes text, JSON and an exit code. Stack traces only under `--verbose`. */
export function describeFailure(
  thrown: unknown,
  { style, verbose }: { style: Style; verbose: boolean },
): Failure {
  const error = fileFailure(thrown) ?? thrown;
  const trace = verbose
    ? `\n${style.dim(neutralize(causes(error).join("\ncaused by "), { multiline: true }))}`
    : "";
  if (error instanceof IntegError) {
    const { code, message, hint, exitCode } = error;
    const problems =
      error instanceof ConfigError && error.problems.length > 0 ? { problems: error.problems } : {};
    return {
      exitCode,
      text: describeKnown(error, style) + trace,
      json: { error: { code, message, ...(hint ? { hint } : {}), ...problems } },
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    exitCode: EXIT.bug,
    text: describeBug(error, style) + trace,
    json: { error: { code: "bug", message } },
  };
}
