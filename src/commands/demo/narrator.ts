import type { Context } from "../../base/context.ts";
import type { Result, Style } from "../../base/result.ts";
import { styleFor } from "../../base/style.ts";

/** Before each step on a terminal, milliseconds, so that a reader can follow. */
const PAUSE_MS = 450;

const INDENT = "   ";

/** The widest that lines are set, however wide the terminal. */
const WIDEST = 100;

/** Tells the demo's story on stderr, as it goes. */
export interface Narrator {
  readonly style: Style;
  /** The next step: what is done, and in a few words why. */
  step(title: string, why: string): Promise<void>;
  /** The command line that a person would type. */
  command(line: string): void;
  /** What the command printed. */
  result(result: Result): void;
  say(text: string): void;
  /** Something happens that is not in our hands. */
  turn(text: string): Promise<void>;
}

export async function createNarrator({ io, clock, signal }: Context): Promise<Narrator> {
  const style = await styleFor(io.stderr.color);
  const columns = Math.min(io.stderr.columns, WIDEST);
  const indented = (text: string) => text.replace(/^(?=.)/gm, INDENT);
  const pause = async () => {
    if (io.stderr.isTTY) await clock.sleep(PAUSE_MS, signal);
    signal.throwIfAborted();
  };
  let steps = 0;
  return {
    style,
    step: async (title, why) => {
      if (steps > 0) await pause();
      steps++;
      io.note(
        `\n${style.bold(style.cyan(String(steps)))}  ${style.bold(title)}\n${indented(style.dim(why))}`,
      );
    },
    command: (line) => io.note(`${INDENT}${style.cyan(`$ ${line}`)}`),
    result: ({ text }) => {
      const printed = text?.({ style, columns: columns - INDENT.length });
      if (printed) io.note(indented(printed));
    },
    say: (text) => io.note(indented(text)),
    turn: async (text) => {
      await pause();
      const rule = "─".repeat(Math.max(3, columns - text.length - 5));
      io.note(`\n${style.bold(style.yellow(`── ${text} ${rule}`))}`);
    },
  };
}
