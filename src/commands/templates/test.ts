import type { Context } from "../../base/context.ts";
import { ConfigError } from "../../base/errors.ts";
import { EXIT } from "../../base/exit.ts";
import type { Result } from "../../base/result.ts";
import { neutralize, plural } from "../../base/text.ts";
import { loadProject } from "../../config/load.ts";
import { findTemplate } from "./source.ts";
import { type Fault, TRIALS, tryOut } from "./trial.ts";

export interface TestOptions {
  source: string;
  run: boolean | undefined;
}

/** The project around the user; without one, the directory. */
async function rootOf(ctx: Context): Promise<string> {
  try {
    return (await loadProject({ cwd: ctx.cwd, configFile: ctx.configFile })).root;
  } catch (error) {
    if (error instanceof ConfigError && ctx.configFile === undefined) return ctx.cwd;
    throw error;
  }
}

function faultText({ module, file, line, message }: Fault): string {
  const place = file === undefined ? module : line === undefined ? file : `${file}:${line}`;
  return `${neutralize(place)}  ${neutralize(message, { multiline: true })}`;
}

/** `integ templates test`: fills a template for modules of every kind, and looks at what comes out. */
export async function run({ source, run: runs }: TestOptions, ctx: Context): Promise<Result> {
  const root = await rootOf(ctx);
  const { template, pin } = await findTemplate(source, { root, cwd: ctx.cwd }, ctx);
  const tried = TRIALS.map((trial) => tryOut(template, trial));
  const found = tried.flatMap(({ faults }) => faults);
  const files = new Map(tried.flatMap((one) => [...one.files]));
  const ran = runs && found.length === 0;
  const faults = ran ? await (await import("./run-trial.ts")).runTrial(files, root, ctx) : found;
  return {
    data: {
      template: template.name,
      ...pin,
      modules: TRIALS.map(({ name }) => name),
      ran: ran === true,
      faults,
    },
    text: ({ style }) =>
      faults.length > 0
        ? faults.map((fault) => style.red(faultText(fault))).join("\n")
        : `${neutralize(template.name)} ${template.version}: ${plural(files.size, "file")} in ${plural(TRIALS.length, "module")}, all well`,
    ...(faults.length > 0 ? { exitCode: EXIT.findings } : {}),
    next:
      faults.length === 0 && !runs
        ? ["next: integ templates test --run   also compiles them and runs their tests"]
        : [],
  };
}
