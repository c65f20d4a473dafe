import type { Style } from "../../base/result.ts";
import { neutralize, plural } from "../../base/text.ts";
import { wrap } from "../../report/wrap.ts";
import type { Look } from "./look.ts";

const STATE_WIDTH = 6;
const WIDEST_SUBJECT = 24;
/** Below this the words stand under their subject. */
const NARROWEST_WORDS = 30;

const toneOf = (state: Look["state"], style: Style) =>
  ({ ok: style.green, warn: style.yellow, fail: style.red })[state];

function linesOf({ state, subject, says, fix }: Look, left: number, style: Style, columns: number): string[] {
  const head = `${toneOf(state, style)(state.padEnd(STATE_WIDTH))}`;
  const name = neutralize(subject);
  const words = [neutralize(says)].flatMap((text) => wrap(text, columns - left));
  const help = fix === undefined ? [] : wrap(`fix: ${neutralize(fix)}`, columns - left).map(style.cyan);
  const fits = STATE_WIDTH + name.length + 2 <= left;
  const first = fits
    ? `${head}${style.bold(name.padEnd(left - STATE_WIDTH))}${words.shift() ?? ""}`
    : `${head}${style.bold(name)}`;
  return [first, ...[...words, ...help].map((line) => `${" ".repeat(left)}${line}`)];
}

function summary(looks: readonly Look[]): string {
  const count = (state: Look["state"]) => looks.filter((look) => look.state === state).length;
  const told = [
    ...(count("fail") > 0 ? [plural(count("fail"), "failure")] : []),
    ...(count("warn") > 0 ? [plural(count("warn"), "warning")] : []),
  ];
  return told.length > 0 ? told.join(", ") : "everything is as it should be";
}

/** One line for each thing looked at, and below it what to do. */
export function render(looks: readonly Look[], style: Style, columns: number): string {
  const widest = Math.min(WIDEST_SUBJECT, Math.max(...looks.map(({ subject }) => subject.length)));
  const wide = STATE_WIDTH + widest + 2;
  const left = columns - wide < NARROWEST_WORDS ? STATE_WIDTH : wide;
  const lines = looks.flatMap((look) => linesOf(look, left, style, columns));
  return [...lines, "", summary(looks)].join("\n");
}
