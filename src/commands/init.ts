import { platform } from "node:os";
import { relative } from "node:path";
import type { Context } from "../base/context.ts";
import type { Result, Style } from "../base/result.ts";
import { neutralize } from "../base/text.ts";
import { writeFilesAtomic } from "../base/write-files.ts";
import { loadProject } from "../config/load.ts";
import { dependsOn, packageName } from "../config/package-name.ts";
import { storesHere } from "../secrets/machine.ts";
import { type Answers, collectAnswers, type Given } from "./init/answers.ts";
import { findPlace, guessCi, type Place } from "./init/place.ts";
import { type Change, planInit } from "./init/plan.ts";
import { CHANNEL_VARIABLES } from "./init/workflow.ts";

const DONE = { create: "created", append: "added to", keep: "left as it is" } as const;
const WOULD = { create: "would create", append: "would add to", keep: "left as it is" } as const;

/** A project that is configured already answers for itself; only CI is still open. */
async function answersOf(place: Place, given: Given, ctx: Context): Promise<Answers> {
  const ci = await guessCi(place.repository);
  if (!place.configured) {
    // Nobody looks for what was said already.
    const stores =
      given.store === undefined
        ? await storesHere(platform(), ctx.env)
        : ([{ store: "vault", why: "" }] as const);
    const defaults = { project: await packageName(place.root), stores, ci };
    return collectAnswers(given, defaults, ctx.yes ? undefined : ctx.io.prompt);
  }
  // Throws with every problem where the configuration is broken: init would only add to the confusion.
  const { config } = await loadProject({ cwd: ctx.cwd, configFile: place.configFile });
  const store = config.environments[0]?.store ?? "vault";
  return collectAnswers(given, { project: config.project, stores: [{ store, why: "" }], ci }, undefined);
}

function lines(changes: readonly Change[], cwd: string, dryRun: boolean, style: Style): string[] {
  const words = dryRun ? WOULD : DONE;
  const width = Math.max(...changes.map(({ action }) => words[action].length));
  return changes.flatMap(({ file, action, added }) => {
    const word = words[action].padEnd(width);
    const head = `${action === "keep" ? style.dim(word) : style.green(word)}  ${neutralize(relative(cwd, file))}`;
    if (!dryRun || added === "") return [head];
    const body = neutralize(added, { multiline: true }).trimEnd().split(/\n/);
    return [head, ...body.map((line) => style.green(`  + ${line}`))];
  });
}

/** More would not be read; what comes first is what nothing works without. */
const MOST_STEPS = 3;

/** What the workflow's alarms still need. */
function alarmSteps(changes: readonly Change[], { alarms, ci }: Answers): string[] {
  const { channels } = alarms;
  if (channels.length === 0) return [];
  const configured = changes.some(
    ({ file, action }) => action === "keep" && file.endsWith("integ.config.yaml"),
  );
  const names = channels.flatMap((name) => CHANNEL_VARIABLES[name]).join(", ");
  const where = ci === "gitlab" ? "CI/CD variables of the project" : "secrets of the repository";
  return [
    configured
      ? `next: say under \`notify\` of integ.config.yaml where ${channels.join(", ")} is; the file is left as it is`
      : `next: set ${names}${ci === "none" ? "" : `, as ${where}`}`,
  ];
}

/** What a CI file that was there before still needs. */
function ciSteps(changes: readonly Change[]): string[] {
  const kept = (name: string) => changes.some(({ file, action }) => action === "keep" && file.endsWith(name));
  if (kept(".gitlab-ci.yml"))
    return ["next: add a job to .gitlab-ci.yml that runs `npx integ check`; the file is left as it is"];
  // With a configuration that is new, the workflow is that of another project in the repository.
  if (kept("integ.yml") && !kept("integ.config.yaml"))
    return ["next: add a job for this project to .github/workflows/integ.yml; the file is left as it is"];
  return [];
}

function nextSteps(changes: readonly Change[], answers: Answers, installed: boolean): string[] {
  return [
    ...(installed ? [] : ["next: npm install integ   modules, CI and your editor look for it there"]),
    ...ciSteps(changes),
    ...alarmSteps(changes, answers),
    ...(answers.store === "vault"
      ? ["next: choose a passphrase for the vault, in INTEG_VAULT_PASSPHRASE or at the first prompt"]
      : []),
    ...(answers.store === "hashicorp-vault" || answers.store === "aws-secrets-manager"
      ? [`next: secrets go to ${answers.store}, which this machine is set up for; \`store:\` says otherwise`]
      : []),
    "next: integ scaffold stripe   or any other API: integ scaffold --help",
  ].slice(0, MOST_STEPS);
}

/** `integ init`: writes what a project needs to begin with; never changes a file that is there, but for .gitignore. */
export async function run(options: Given & { dryRun: boolean | undefined }, ctx: Context): Promise<Result> {
  const dryRun = options.dryRun === true;
  const place = await findPlace(ctx.cwd, ctx.configFile);
  const answers = await answersOf(place, options, ctx);
  const changes = await planInit(place, answers);
  const writes = changes.filter(({ action }) => action !== "keep");
  ctx.signal.throwIfAborted();
  if (!dryRun) await writeFilesAtomic(writes);
  return {
    data: {
      root: place.root,
      dryRun,
      files: changes.map(({ file, action }) => ({ file: relative(place.root, file), action })),
    },
    text: ({ style }) => lines(changes, ctx.cwd, dryRun, style).join("\n"),
    next: dryRun
      ? ["nothing was written (--dry-run)"]
      : nextSteps(changes, answers, await dependsOn(place.root, "integ")),
  };
}
