import type { Context } from "../../base/context.ts";
import { formatDuration } from "../../base/duration.ts";
import { IntegError } from "../../base/errors.ts";
import { EXIT } from "../../base/exit.ts";
import { exitCodeOf } from "../../base/exit-policy.ts";
import type { Finding } from "../../base/finding.ts";
import type { Result } from "../../base/result.ts";
import { plural } from "../../base/text.ts";
import { CHANGES_OF_V2 } from "../../sandbox/releases.ts";
import { type Sandbox, startSandbox } from "../../sandbox/server.ts";
import { innerContext } from "./inner-context.ts";
import { createNarrator, type Narrator } from "./narrator.ts";
import { type Stage, setStage } from "./stage.ts";
import { afterTheChange, beforeTheChange, type Step } from "./steps.ts";

/** What became of one step. */
interface Done {
  command: string;
  exitCode: number;
  durationMs: number;
  findings: readonly Finding[];
}

/** A step that ends otherwise than it must means that integ is broken: the demo says so instead of playing on. */
class DemoFailed extends IntegError {
  constructor({ line }: Step, expected: number, actual: number) {
    super(`\`${line}\` ended with ${actual} instead of ${expected} in the demo`, EXIT.bug, {
      code: "demo/unexpected-exit",
      hint: "please report it with the output of `integ demo --keep --verbose`",
    });
  }
}

async function perform(step: Step, expected: number, inner: Context, narrator: Narrator): Promise<Done> {
  await narrator.step(step.title, step.why);
  narrator.command(step.line);
  const started = inner.clock.monotonic();
  const result = await step.run(inner);
  narrator.result(result);
  const findings = result.findings ?? [];
  const exitCode = result.exitCode ?? exitCodeOf(findings, "error");
  if (exitCode !== expected) throw new DemoFailed(step, expected, exitCode);
  return {
    command: step.line,
    exitCode,
    durationMs: Math.round(inner.clock.monotonic() - started),
    findings,
  };
}

async function play(stage: Stage, provider: Sandbox, ctx: Context, narrator: Narrator): Promise<Done[]> {
  const inner = innerContext(ctx, stage.directory, stage.home);
  const done: Done[] = [];
  for (const step of beforeTheChange(provider.url)) {
    done.push(await perform(step, EXIT.ok, inner(provider.apiKey), narrator));
  }
  narrator.say(narrator.style.green("✓ exit code 0: what the API returns is what your code needs"));
  await narrator.turn("Overnight, the provider releases a new version");
  provider.setRelease("v2");
  for (const change of CHANGES_OF_V2) narrator.say(`${narrator.style.dim("·")} ${change}`);
  done.push(await perform(afterTheChange, EXIT.findings, inner(), narrator));
  narrator.say(narrator.style.red("✗ exit code 1: CI is red, before a customer has seen anything"));
  return done;
}

function closing(
  done: readonly Done[],
  ms: number,
  stage: Stage,
  keep: boolean,
): NonNullable<Result["text"]> {
  return ({ style }) => {
    const located = done.at(-1)?.findings.filter(({ location }) => location) ?? [];
    const places = new Set(located.map(({ location }) => `${location?.file}:${location?.line}`));
    const rows: [string, string][] = [
      ["integ diff --env dev", "the whole change, endpoint by endpoint"],
      ["integ accept stripe", "once your code is mended: the new answer becomes the contract"],
      ["integ check", "green again"],
    ];
    const width = Math.max(...rows.map(([command]) => command.length));
    return [
      "",
      style.bold("What you would do now"),
      ...rows.map(([command, what]) => `  ${style.cyan(command.padEnd(width))}  ${style.dim(what)}`),
      "",
      `${plural(done.length, "command")} in ${formatDuration(ms)}, on a provider of integ's own; ${plural(places.size, "line")} of code to look at.`,
      keep ? `The project is in ${stage.directory}` : "Nothing was left behind.",
    ].join("\n");
  };
}

/** `integ demo`: the loop of the product on the embedded API, with the real commands. */
export async function run({ keep }: { keep: boolean | undefined }, ctx: Context): Promise<Result> {
  const started = ctx.clock.monotonic();
  const narrator = await createNarrator(ctx);
  const stage = await setStage();
  ctx.io.debug(`project: ${stage.directory}`);
  let provider: Sandbox | undefined;
  try {
    provider = await startSandbox({ latencyMs: 8, jitterMs: 6, signal: ctx.signal });
    ctx.io.note(
      `${narrator.style.bold("integ demo")}  ${narrator.style.dim("the whole loop, on an embedded payments API")}`,
    );
    const done = await play(stage, provider, ctx, narrator);
    const ms = ctx.clock.monotonic() - started;
    return {
      data: {
        steps: done.map(({ findings, ...step }) => ({ ...step, findings: findings.length })),
        drift: done.at(-1)?.findings ?? [],
        ...(keep ? { directory: stage.directory } : {}),
      },
      text: closing(done, ms, stage, keep === true),
      next: ["next, in your own project: npx integ init"],
    };
  } finally {
    await provider?.close();
    if (!keep || ctx.signal.aborted) await stage.strike();
  }
}
