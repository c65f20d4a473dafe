import type { Context } from "../../base/context.ts";
import { formatDuration } from "../../base/duration.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result } from "../../base/result.ts";
import { findSecret } from "../../secrets/reference.ts";
import { refuseMissing, resolveSecrets } from "../../secrets/resolve.ts";
import { audited } from "./audited.ts";
import { confirmProtected, workplace } from "./workplace.ts";

export interface GetOptions {
  secret: string;
  env: string | undefined;
  reveal: boolean | undefined;
  clipboard: boolean | undefined;
  clearAfter: number | undefined;
}

/** How long a value stays on the clipboard: 45 seconds, as in other password tools. */
const CLEAR_AFTER_MS = 45_000;

function checkFlags(options: GetOptions): void {
  const fail = (message: string, hint: string) => new UsageError(message, { code: "usage/get", hint });
  if (options.clipboard && options.reveal) {
    throw fail("--clipboard and --reveal exclude each other", "give one of them");
  }
  if (options.clearAfter !== undefined && !options.clipboard) {
    throw fail("--clear-after is for --clipboard", "give both, or neither");
  }
}

/** Copies the value; neither the document nor the text holds it. */
async function copied(
  value: string,
  facts: { secret: string; environment: string },
  { clearAfter = CLEAR_AFTER_MS }: GetOptions,
  ctx: Context,
): Promise<Result> {
  const { copyToClipboard } = await import("../../secrets/clipboard/copy.ts");
  const target = { clearAfterMs: clearAfter, env: ctx.env, platform: process.platform };
  const program = await copyToClipboard(value, target);
  const when = clearAfter > 0 ? `; it is cleared in ${formatDuration(clearAfter)}` : "; it stays there";
  return {
    data: { ...facts, clipboard: program, clearAfterMs: clearAfter },
    text: () => `Copied ${facts.secret} to the clipboard (${program})${when}`,
  };
}

/** Prints a secret's value for another program, bare or in a document; to a person only on demand. */
export async function run(options: GetOptions, ctx: Context): Promise<Result> {
  checkFlags(options);
  const { project, environment, session } = await workplace(options.env, ctx);
  const { integration, policy, name } = findSecret(project, options.secret);
  // A document that a person reads on the screen shows the value as well as the bare text does.
  if (ctx.io.stdout.isTTY && !options.reveal && !options.clipboard) {
    throw new UsageError(`${name} would be shown on the screen`, {
      code: "usage/reveal",
      hint: "pass --clipboard to copy it, --reveal to show it, pipe it into a program, or use `integ run -- CMD`",
    });
  }
  await confirmProtected(environment, `${name} is about to be read`, ctx);
  const one = { ...integration, secrets: [policy] };
  const resolved = await resolveSecrets(one, environment, session);
  await refuseMissing(resolved, one, environment, session);
  const value = resolved.values.get(policy.name) ?? "";
  await audited(project, { action: "get", environment: environment.name, secrets: [name] }, ctx);
  if (options.clipboard) {
    return copied(value, { secret: name, environment: environment.name }, options, ctx);
  }
  const source = resolved.sources.get(policy.name);
  return {
    data: { secret: name, environment: environment.name, ...(source ? { source } : {}), value },
    text: () => value,
  };
}
