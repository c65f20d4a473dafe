import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import { EXIT, type ExitCode } from "../../base/exit.ts";
import type { Result, Style } from "../../base/result.ts";
import { didYouMean } from "../../base/suggest.ts";
import { plural } from "../../base/text.ts";
import type { Environment, Project } from "../../config/project.ts";
import { type PushItem, planPush } from "../../secrets/push/plan.ts";
import { allSecrets, findSecrets } from "../../secrets/reference.ts";
import { readOnlyStore } from "../../secrets/stores/env.ts";
import { whileNobodyRotates } from "./nobody-rotates.ts";
import { pushAudited } from "./pushing.ts";
import { confirm, confirmProtected, type Workplace, workplace } from "./workplace.ts";

/** Nothing to do is no failure; where somebody expected more, this says where targets stand. */
const NO_TARGET =
  "No target takes any of these secrets: targets stand in integ.config.yaml under `secrets.push`";

export interface PushOptions {
  secrets: string[];
  env: string | undefined;
  to: string | undefined;
  force: boolean | undefined;
  dryRun: boolean | undefined;
}

/** What became of one item of the plan. */
interface Outcome {
  secret: string;
  target: string;
  place: string;
  result: "pushed" | "unchanged" | "missing" | "failed";
  error?: { code: string; message: string; hint?: string };
  exitCode: ExitCode;
}

function requireTarget(project: Project, environment: Environment, to: string | undefined): void {
  const targets = project.config.secrets.push.filter((target) => target.environment === environment.name);
  if (to !== undefined && !targets.some(({ name }) => name === to)) {
    const names = targets.map(({ name }) => name);
    throw new UsageError(`There is no target \`${to}\` for environment ${environment.name}`, {
      code: "usage/unknown-target",
      hint: didYouMean(to, names, "targets") ?? "declare it under `secrets.push` in integ.config.yaml",
    });
  }
}

const basics = ({ secret, target, key, destination }: PushItem) => ({
  secret: secret.name,
  target,
  place: destination.describe(key),
});

function planLine(item: PushItem, force: boolean): string {
  const line = `  ${item.secret.name} → ${item.target} (${item.destination.describe(item.key)})`;
  if (item.state === "missing") return `${line}: has no value`;
  return item.state === "unchanged" && !force ? `${line}: is there already` : line;
}

async function work(item: PushItem, place: Workplace, ctx: Context): Promise<Outcome> {
  const error = await pushAudited(item, place, ctx);
  if (!error) return { ...basics(item), result: "pushed", exitCode: EXIT.ok };
  const { code, message, hint, exitCode } = error;
  const told = { code, message, ...(hint === undefined ? {} : { hint }) };
  return { ...basics(item), result: "failed", error: told, exitCode };
}

function describe({ secret, target, result, error }: Outcome, style: Style): string {
  const name = `${secret} → ${target}`;
  switch (result) {
    case "pushed":
      return style.green(`${name}: pushed`);
    case "unchanged":
      return `${name}: is there already`;
    case "missing":
      return style.red(`${name}: has no value`);
    case "failed":
      return `${style.red(`${name}: ${error?.message ?? ""}`)}${error?.hint ? `\n  ${style.cyan("hint:")} ${error.hint}` : ""}`;
  }
}

/** Puts the values in use where the deployed application reads them: shows the plan, asks, and tells of each target. */
export async function run(options: PushOptions, ctx: Context): Promise<Result> {
  const place = await workplace(options.env, ctx);
  const { project, environment, session } = place;
  const secrets =
    options.secrets.length === 0
      ? allSecrets(project)
      : options.secrets.flatMap((text) => findSecrets(project, text));
  requireTarget(project, environment, options.to);
  if (environment.store === "env") throw readOnlyStore(environment.name);
  const envelope = (await session.stored(environment))?.envelope;
  const items = planPush(project, environment, envelope, { secrets, to: options.to, ctx });
  const force = options.force === true;
  const todo = items.filter(({ state }) => state === "open" || (force && state === "unchanged"));
  const lines = items.map((item) => planLine(item, force));
  if (options.dryRun) {
    return {
      data: {
        environment: environment.name,
        plan: items.map((item) => ({ ...basics(item), state: item.state })),
      },
      text: () => (lines.length === 0 ? NO_TARGET : ["Would push:", ...lines].join("\n")),
    };
  }
  if (todo.length > 0) {
    if (!ctx.yes) ctx.io.note(lines.join("\n"));
    const deed = `${plural(todo.length, "value")} of ${environment.name} ${todo.length === 1 ? "is" : "are"} about to be pushed`;
    if (environment.protected) await confirmProtected(environment, deed, ctx);
    else await confirm(deed, ctx);
  }
  const pushAll = async (): Promise<Outcome[]> => {
    const done: Outcome[] = [];
    for (const item of items) {
      if (todo.includes(item)) done.push(await work(item, place, ctx));
      else if (item.state === "missing")
        done.push({ ...basics(item), result: "missing", exitCode: EXIT.secret });
      else done.push({ ...basics(item), result: "unchanged", exitCode: EXIT.ok });
    }
    return done;
  };
  // A rotation that goes on meanwhile would replace the value while it is on its way.
  const outcomes = await (todo.length > 0 ? whileNobodyRotates(place, pushAll, ctx) : pushAll());
  const failed = outcomes.some(({ result }) => result === "failed");
  return {
    data: { environment: environment.name, pushes: outcomes.map(({ exitCode: _, ...outcome }) => outcome) },
    text: ({ style }) =>
      outcomes.length === 0 ? NO_TARGET : outcomes.map((outcome) => describe(outcome, style)).join("\n"),
    exitCode: Math.max(EXIT.ok, ...outcomes.map(({ exitCode }) => exitCode)),
    next: failed ? ["run the command again: it does what is open"] : [],
  };
}
