import { join } from "node:path";
import type { Context } from "../../../base/context.ts";
import { IncompleteError, SecretError, UsageError } from "../../../base/errors.ts";
import { refusalOf } from "../../../base/file-failure.ts";
import { type Finding, finding } from "../../../base/finding.ts";
import { buildReport } from "../../../base/report.ts";
import { plural } from "../../../base/text.ts";
import { CHECK_RULES } from "../../../check/rules.ts";
import type { Project } from "../../../config/project.ts";
import { createHttpClient } from "../../../http/client.ts";
import { type Changes, changesSince, type Told } from "../../../notify/changes.ts";
import type { Channel, SendDeps } from "../../../notify/channels/channel.ts";
import { emailChannel } from "../../../notify/channels/email.ts";
import { slackChannel } from "../../../notify/channels/slack.ts";
import { webhookChannel } from "../../../notify/channels/webhook.ts";
import { GithubApi, githubOptions } from "../../../notify/github/api.ts";
import { keepComment, pullRequestOf } from "../../../notify/github/comment.ts";
import { keepIssues } from "../../../notify/github/issues.ts";
import { readTold, writeTold } from "../../../notify/state.ts";
import { markdown, markdownEntry } from "../../../report/reporters/markdown.ts";
import { reportView } from "../../reporting/emit.ts";
import { ruleInfos } from "../../reporting/rules.ts";
import type { CheckCommandOptions } from "../options.ts";
import { type Credentials, credentials } from "./credentials.ts";
import { judged, type Outcome } from "./outcome.ts";

/** What each channel was told last, below the project's root. */
export const NOTIFIED = join(".integ", "notified.json");

type Wanted = Pick<CheckCommandOptions, "notify" | "openIssues" | "prComment" | "shard">;

const CHANNELS = ["slack", "webhook", "email"] as const;
type ChannelName = (typeof CHANNELS)[number];

const namesOf = ({ notify }: Wanted): ChannelName[] => CHANNELS.filter((name) => notify.includes(name));

/**
 * Refuses, before anything is sent, to tell somebody of whom nothing is known.
 * @throws UsageError
 */
export function refuseUnknownListeners(
  wanted: Wanted,
  { config }: Project,
  { env }: Pick<Context, "env">,
): void {
  const unknown = namesOf(wanted).find((name) => config.notify[name] === undefined);
  if (unknown !== undefined) {
    throw new UsageError(`--notify ${unknown}: integ.config.yaml has no \`notify.${unknown}\``, {
      code: "usage/notify",
      hint: "it says where: see docs/check.md, Telling people",
    });
  }
  if (wanted.prComment && wanted.shard !== undefined) {
    throw new UsageError(
      "--pr-comment and --shard exclude each other: each part would replace the comment of the others",
      {
        code: "usage/pr-comment",
        hint: "write a comment of the whole: integ report merge part-*.json --reporter markdown=comment.md",
      },
    );
  }
  if (wanted.openIssues) githubOptions(config.issues, env, "--open-issues");
  if (wanted.prComment) githubOptions(config.issues, env, "--pr-comment");
}

async function open(
  name: ChannelName,
  { slack, webhook, email }: Project["config"]["notify"],
  credential: Credentials,
  deps: SendDeps,
): Promise<Channel | undefined> {
  switch (name) {
    case "slack":
      return slack && slackChannel(await credential(slack.url), deps);
    case "webhook":
      return (
        webhook &&
        webhookChannel({ url: await credential(webhook.url), secret: await credential(webhook.secret) }, deps)
      );
    case "email":
      return email && emailChannel({ ...email, smtp: await credential(email.smtp) }, deps);
  }
}

/** Where the log of this run is, as CI systems say it. */
function logOf({ env }: Pick<Context, "env">): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (server && repository && run) return `${server}/${repository}/actions/runs/${run}`;
  return env.CI_JOB_URL;
}

function notTold(who: string, error: unknown): Finding {
  const known =
    error instanceof IncompleteError || error instanceof SecretError || error instanceof UsageError;
  if (!known) throw error;
  return finding(
    {
      rule: CHECK_RULES.notTold.id,
      severity: CHECK_RULES.notTold.severity,
      message: error.message,
      ...(error.hint === undefined ? {} : { help: error.hint }),
    },
    who,
  );
}

/** Everybody who is to be told after one check. */
class Telling {
  readonly #project: Project;
  readonly #outcome: Outcome;
  readonly #deps: SendDeps;
  readonly #ctx: Context;

  constructor(project: Project, outcome: Outcome, deps: SendDeps, ctx: Context) {
    this.#project = project;
    this.#outcome = outcome;
    this.#deps = deps;
    this.#ctx = ctx;
  }

  /** Tells each channel what it does not know yet, and notes what arrived. */
  async channels(names: readonly ChannelName[]): Promise<Finding[]> {
    if (names.length === 0) return [];
    const { config, root } = this.#project;
    const file = join(root, NOTIFIED);
    const told = new Map(await readTold(file));
    const failed: Finding[] = [];
    for (const name of names) {
      const key = `${name} ${this.#outcome.environment}`;
      const seen = { findings: this.#outcome.fresh, judged: this.#stillJudged() };
      const changes = changesSince(told.get(key) ?? [], seen, config.notify.severity);
      try {
        const news = changes.appeared.length + changes.gone.length > 0;
        const partly = news ? await this.#channel(name, changes) : undefined;
        told.set(key, changes.told);
        if (partly) failed.push(notTold(name, partly));
      } catch (error) {
        failed.push(notTold(name, error));
      }
    }
    for (const { message, hint } of await refusalOf(writeTold(file, told))) {
      const all = `What was told cannot be kept, so it is told again by every run: ${message}`;
      failed.push(notTold("state", new IncompleteError(all, { code: "notify/state", hint })));
    }
    return failed;
  }

  /** What a baseline hides is not gone. */
  #stillJudged(): (told: Told) => boolean {
    const here = new Set(this.#outcome.all.map(({ fingerprint }) => fingerprint));
    const looked = judged(this.#outcome);
    return (told) => !here.has(told.fingerprint) && looked(told);
  }

  async #channel(name: ChannelName, changes: Changes): Promise<IncompleteError | undefined> {
    const { config } = this.#project;
    const environment = config.environments.find((one) => one.name === this.#outcome.environment);
    if (!environment) return undefined;
    const credential = credentials(this.#project, environment, this.#ctx);
    const channel = await open(name, config.notify, credential, this.#deps);
    return channel?.tell({
      project: config.project,
      environment: environment.name,
      at: new Date(this.#ctx.clock.now()).toISOString(),
      link: logOf(this.#ctx),
      changes,
    });
  }

  async issues(): Promise<Finding[]> {
    const { config } = this.#project;
    const view = this.#view();
    try {
      const api = new GithubApi(githubOptions(config.issues, this.#ctx.env, "--open-issues"), this.#deps);
      const kept = await keepIssues(api, this.#outcome.all, {
        labels: config.issues.labels,
        least: config.issues.severity,
        render: (one) => markdownEntry(one, view),
        judged: judged(this.#outcome),
        project: config.project,
      });
      const { opened, updated, closed, left } = kept;
      const more = left > 0 ? `, ${left} left for the next run` : "";
      this.#ctx.io.note(`${plural(opened, "issue")} opened, ${updated} updated, ${closed} closed${more}`);
      return [];
    } catch (error) {
      return [notTold("issues", error)];
    }
  }

  async comment(): Promise<Finding[]> {
    const pullRequest = await pullRequestOf(this.#ctx.env);
    if (pullRequest === undefined) {
      this.#ctx.io.note("--pr-comment: this is no run for a pull request, so there is nothing to comment on");
      return [];
    }
    const view = this.#view();
    try {
      const { issues, project } = this.#project.config;
      const api = new GithubApi(githubOptions(issues, this.#ctx.env, "--pr-comment"), this.#deps);
      // Another project of the repository, or another environment, has its own.
      const subject = `${project} (${this.#outcome.environment})`;
      const body = markdown.render({ ...view, subject });
      await keepComment(api, { pullRequest, subject, body, quiet: this.#outcome.fresh.length === 0 });
      return [];
    } catch (error) {
      return [notTold("comment", error)];
    }
  }

  #view() {
    const report = buildReport({
      command: "check",
      startedAt: this.#ctx.clock.now(),
      durationMs: 0,
      findings: this.#outcome.fresh,
    });
    return reportView(report, this.#project, ruleInfos(), this.#ctx);
  }
}

/** Tells those who are to be told. What could not be told is a finding: an alarm that does not ring is no quiet. */
export async function tell(
  wanted: Wanted,
  project: Project,
  outcome: Outcome,
  ctx: Context,
): Promise<Finding[]> {
  const names = namesOf(wanted);
  if (names.length === 0 && !wanted.openIssues && !wanted.prComment) return [];
  const http = createHttpClient({ env: ctx.env, clock: ctx.clock });
  const telling = new Telling(project, outcome, { http, clock: ctx.clock, signal: ctx.signal }, ctx);
  try {
    return [
      ...(await telling.channels(names)),
      ...(wanted.openIssues ? await telling.issues() : []),
      ...(wanted.prComment ? await telling.comment() : []),
    ];
  } finally {
    await http.close();
  }
}
