import type { Context } from "../../base/context.ts";
import { formatDuration } from "../../base/duration.ts";
import type { Result } from "../../base/result.ts";
import { styleFor } from "../../base/style.ts";
import type { Options } from "./options.ts";
import type { ProbeRounds } from "./rounds.ts";

const DEFAULT_INTERVAL_MS = 10_000;
const CLEAR = "\u001b[H\u001b[2J\u001b[3J";

/** Probes round after round until Ctrl-C: a terminal is drawn anew each time, elsewhere one round follows the other. */
export async function watch(rounds: ProbeRounds, options: Options, ctx: Context): Promise<Result> {
  const { stdout } = ctx.io;
  const style = await styleFor(stdout.color);
  const interval = options.interval ?? DEFAULT_INTERVAL_MS;
  for (;;) {
    const result = await rounds.probe();
    const text = result.text?.({ style, columns: stdout.columns }) ?? "";
    const at = new Date(ctx.clock.now()).toISOString();
    const foot = style.dim(`${at}, again in ${formatDuration(interval)}, Ctrl-C ends`);
    stdout.write(`${stdout.isTTY ? CLEAR : ""}${text}\n\n${foot}\n`);
    await ctx.clock.sleep(interval, ctx.signal);
  }
}
