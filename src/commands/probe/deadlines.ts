import { parseDuration } from "../../base/duration.ts";
import { UsageError } from "../../base/errors.ts";
import type { Limits, Phases } from "../../http/exchange.ts";

const PHASES: ReadonlyMap<string, keyof Phases> = new Map([
  ["dns", "dns"],
  ["connect", "connect"],
  ["tls", "tls"],
  ["first-byte", "ttfb"],
  ["download", "download"],
]);

function refuse(reason: string): never {
  throw new UsageError(`--deadlines: ${reason}`, {
    code: "usage/flags",
    hint: `phases are ${[...PHASES.keys()].join(", ")}; \`--deadlines connect=2s,first-byte=500ms\`, and --timeout for the whole`,
  });
}

/** Reads `connect=2s,first-byte=500ms`. @throws UsageError */
export function phaseDeadlines(text: string | undefined): Limits["phaseMs"] {
  const phaseMs: Partial<Record<keyof Phases, number>> = {};
  for (const part of text === undefined ? [] : text.split(",")) {
    const [name = "", value = ""] = part.split("=").map((piece) => piece.trim());
    const phase = PHASES.get(name) ?? refuse(`there is no phase \`${name}\``);
    const ms = parseDuration(value) ?? refuse(`\`${value}\` is not a duration`);
    if (ms <= 0) refuse(`the deadline of ${name} must be longer than nothing`);
    if (phaseMs[phase] !== undefined) refuse(`${name} is named twice`);
    phaseMs[phase] = ms;
  }
  return phaseMs;
}
