import * as z from "zod";
import type { Finding } from "../../base/finding.ts";
import { neutralize, truncate } from "../../base/text.ts";
import { markdownText } from "../../report/reporters/markdown.ts";
import { subjectText } from "../../report/reporters/reporter.ts";
import { type Least, type Told, worthTelling } from "../changes.ts";
import { notTold } from "../channels/channel.ts";
import type { GithubApi } from "./api.ts";

/** More than this many at once is no list that somebody works through, and GitHub slows it down. */
const MOST_NEW = 20;
const LONGEST_TITLE = 200;
const LABEL = "integ";

const issueSchema = z.object({
  number: z.number(),
  state: z.enum(["open", "closed"]),
  state_reason: z.string().nullish(),
  title: z.string(),
  body: z.string().nullish(),
  pull_request: z.unknown().optional(),
});
type Issue = z.infer<typeof issueSchema>;
type OurIssue = Issue & { told: Told };
const labelsSchema = z.object({ labels: z.array(z.object({ name: z.string() })) });

const NONE = "-";
const MARKER = /^<!-- integ:finding ([0-9a-f]{16}) (\S+) (\S+) (\S+) (\S+) (\S+) (\S+) -->/;

/** The first line of an issue, by which later runs find it and know what it is about. Names hold no spaces, but for the project's. */
function markerOf(
  { fingerprint, rule, integration, version, environment, endpoint }: Finding,
  project: string,
): string {
  const names = [rule, integration, version, environment, endpoint].map((name) => name || NONE);
  return `<!-- integ:finding ${fingerprint} ${names.join(" ")} ${encodeURIComponent(project)} -->`;
}

/** What an issue is about; undefined where it is none of ours: another project of the repository keeps its own. */
function toldBy({ body, title }: Issue, project: string): Told | undefined {
  const [, fingerprint, rule, ...rest] = MARKER.exec(body ?? "") ?? [];
  const names = rest.slice(0, -1);
  if (fingerprint === undefined || rule === undefined || rest.at(-1) !== encodeURIComponent(project))
    return undefined;
  const [integration, version, environment, endpoint] = names.map((name) =>
    name === NONE ? undefined : name,
  );
  return {
    fingerprint,
    severity: "error",
    rule,
    message: title,
    ...(integration === undefined ? {} : { integration }),
    ...(version === undefined ? {} : { version }),
    ...(environment === undefined ? {} : { environment }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

/** In a list of issues nothing else says whose response it is about. */
const titleOf = (finding: Finding) =>
  truncate(neutralize(`${subjectText(finding)}: ${finding.message}`), LONGEST_TITLE);

/** Closed so by a person, who has answered with that. */
const ANSWERS: ReadonlySet<string | null | undefined> = new Set(["not_planned", "duplicate"]);

/** An issue without our label would not be found again, and be opened anew each day. */
function refuseUnlabelled(reply: unknown, label: string): void {
  const { data } = labelsSchema.safeParse(reply);
  if (!data || data.labels.some(({ name }) => name.toLowerCase() === label.toLowerCase())) return;
  throw notTold(
    "GitHub",
    `it left out the label \`${label}\` of an issue`,
    "give the token the right to push: others may set no labels",
  );
}

/** Issues of ours: closed ones first, then by age, so that of several with one fingerprint the last is the one to keep. */
function oursOf(listed: readonly unknown[], project: string): OurIssue[] {
  return listed
    .flatMap((one) => issueSchema.safeParse(one).data ?? [])
    .filter(({ pull_request }) => pull_request === undefined)
    .flatMap((issue) => {
      const told = toldBy(issue, project);
      return told ? [{ ...issue, told }] : [];
    })
    .sort((a, b) => Number(a.state === "open") - Number(b.state === "open") || a.number - b.number);
}

export interface IssueOptions {
  /** Whose issues these are, in a repository of several. */
  project: string;
  labels: readonly string[];
  least: Least;
  /** A finding in Markdown, as reports have it. */
  render(finding: Finding): string;
  /** Whether the run looked at what an issue is about, and got an answer. */
  judged(told: Told): boolean;
}

/** How many issues were opened, changed and closed, and how many findings were left for the next run. */
export interface Kept {
  opened: number;
  updated: number;
  closed: number;
  left: number;
}

const listOf = (label: string) => `/issues?labels=${encodeURIComponent(label)}&state=all&per_page=100`;

async function openOrUpdate(
  api: GithubApi,
  finding: Finding,
  known: OurIssue | undefined,
  { labels, render, project }: IssueOptions,
): Promise<"opened" | "updated" | undefined> {
  const title = titleOf(finding);
  const body = `${markerOf(finding, project)}\n\n${render(finding)}\n`;
  if (!known) {
    const [label = LABEL] = labels;
    const isIt = (one: unknown) =>
      oursOf([one], project).some(
        ({ told, state }) => told.fingerprint === finding.fingerprint && state === "open",
      );
    const made = await api.create("/issues", { title, body, labels }, { list: listOf(label), isIt });
    refuseUnlabelled(made, label);
    return "opened";
  }
  if (known.state === "closed" && ANSWERS.has(known.state_reason)) return undefined;
  if (known.state === "closed") {
    await api.call("PATCH", `/issues/${known.number}`, { state: "open", title, body });
    await api.call("POST", `/issues/${known.number}/comments`, { body: "It is back." });
    return "updated";
  }
  // Issues come back with the line ends that a browser made of them.
  const same = known.title === title && known.body?.replaceAll("\r\n", "\n").trim() === body.trim();
  if (same) return undefined;
  await api.call("PATCH", `/issues/${known.number}`, { title, body });
  return "updated";
}

/**
 * Keeps one issue per fingerprint: opened when a finding appears, changed when it does, closed with a word when a run looked
 * and it was gone, opened again when it is back.
 * @throws IncompleteError
 */
export async function keepIssues(
  api: GithubApi,
  findings: readonly Finding[],
  options: IssueOptions,
): Promise<Kept> {
  const [label = LABEL] = options.labels;
  const ours = oursOf(await api.list(listOf(label)), options.project);
  const known = new Map(ours.map((issue) => [issue.told.fingerprint, issue]));
  const current = worthTelling(findings, options.least);
  const kept: Kept = { opened: 0, updated: 0, closed: 0, left: 0 };
  for (const finding of current) {
    const issue = known.get(finding.fingerprint);
    if (!issue && kept.opened >= MOST_NEW) kept.left++;
    else {
      const done = await openOrUpdate(api, finding, issue, options);
      if (done) kept[done]++;
    }
  }
  // A waived finding is still there: its issue stays as it is.
  const here = new Set(findings.map(({ fingerprint }) => fingerprint));
  // All of them: two runs at a time may have opened one each.
  for (const { number, state, told } of ours) {
    if (state === "closed" || here.has(told.fingerprint) || !options.judged(told)) continue;
    const body = `The check no longer finds it: ${markdownText(told.rule)}.`;
    // Closed first: where only that fails, no run says the same again.
    await api.call("PATCH", `/issues/${number}`, { state: "closed", state_reason: "completed" });
    await api.call("POST", `/issues/${number}/comments`, { body });
    kept.closed++;
  }
  return kept;
}
