import type { Context } from "../../base/context.ts";
import { SecretError, UsageError } from "../../base/errors.ts";
import type { Result } from "../../base/result.ts";
import { neutralize } from "../../base/text.ts";
import { howToSet } from "../../config/secret-advice.ts";
import { SHORTEST_MASKED } from "../../secrets/mask.ts";
import { findSecret } from "../../secrets/reference.ts";
import { confirmProtected, workplace } from "../secrets/workplace.ts";
import { runChild } from "./child.ts";
import { childEnvironment } from "./environment.ts";

export interface RunOptions {
  command: string[];
  env: string | undefined;
  only: string[];
  allowMissing: boolean | undefined;
  unmasked: boolean | undefined;
}

/** As shells say it: the command was not found, or could not be started. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

/** The child writes into a pipe, but what it writes ends on a terminal: it may colour. */
function colorOf({ io, env }: Context): Record<string, string> {
  if (!io.stdout.isTTY || !io.stdout.color || env.FORCE_COLOR !== undefined) return {};
  return { FORCE_COLOR: "1", CLICOLOR_FORCE: "1", COLUMNS: String(io.stdout.columns) };
}

/** Runs a command with the environment's secrets in its variables, masked in what it prints. */
export async function run(options: RunOptions, ctx: Context): Promise<Result> {
  const [command, ...args] = options.command;
  if (command === undefined) {
    throw new UsageError("There is no command to run", {
      code: "usage/no-command",
      hint: "integ run --env dev -- npm start",
    });
  }
  const { project, environment, session } = await workplace(options.env, ctx);
  await confirmProtected(environment, `Its secrets are about to be handed to \`${command}\``, ctx);
  const child = await childEnvironment(environment, options.only, session, ctx);
  const [absent] = child.missing;
  if (absent !== undefined && !options.allowMissing) {
    throw new SecretError(
      `Missing in environment ${environment.name}: ${child.missing.join(", ")}; the command was not started`,
      "missing",
      {
        hint: `${howToSet(absent, findSecret(project, absent).policy.env, environment)}, or pass --allow-missing`,
      },
    );
  }
  if (!options.unmasked && child.tooShort.length > 0) {
    ctx.io.note(`shorter than ${SHORTEST_MASKED} characters, not masked: ${child.tooShort.join(", ")}`);
  }
  const masks = !options.unmasked && child.values.length > 0;
  const running = runChild({
    command,
    args,
    env: masks ? { ...child.env, ...colorOf(ctx) } : child.env,
    mask: masks ? child.values : undefined,
  });
  // Behind the start of the child, which must not wait for the log's code and disk.
  const { audited } = await import("../secrets/audited.ts");
  const event = {
    action: "run",
    environment: environment.name,
    secrets: child.names,
    detail: command,
  } as const;
  const [end] = await Promise.all([running, audited(project, event, ctx)]);
  if (end.kind === "exited") return { exitCode: end.code };
  const what = {
    "not-found": "was not found",
    "not-executable": "cannot be executed",
    failed: "did not start",
  };
  const detail = end.reason === "failed" ? `: ${neutralize(end.message)}` : "";
  ctx.io.stderr.write(`error: \`${neutralize(command)}\` ${what[end.reason]}${detail}\n`);
  return { exitCode: end.reason === "not-found" ? NOT_FOUND : NOT_EXECUTABLE };
}
