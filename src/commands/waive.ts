import { join, relative, resolve } from "node:path";
import type { Context } from "../base/context.ts";
import { parseDuration } from "../base/duration.ts";
import { UsageError } from "../base/errors.ts";
import type { Finding } from "../base/finding.ts";
import type { Result } from "../base/result.ts";
import { neutralize } from "../base/text.ts";
import { editYaml } from "../config/edit.ts";
import { loadProject } from "../config/load.ts";
import type { Project, Waiver } from "../config/project.ts";
import { waiver } from "../config/schema/config.ts";
import { LAST_REPORT } from "./check/run.ts";
import { readReport } from "./reporting/read-report.ts";

export interface WaiveOptions {
  fingerprints: readonly string[];
  until: string | undefined;
  reason: string | undefined;
  report: string | undefined;
  dryRun: boolean | undefined;
}

/** A waiver as it stands in integ.config.yaml. */
interface Entry {
  rule: string;
  target?: string;
  path?: string;
  reason: string;
  until: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

const isDay = (text: string) =>
  DAY.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

/** `2027-03-31` as it is, `30d` counted from today; undefined for anything else. */
function dayOf(text: string, now: number): string | undefined {
  if (isDay(text)) return text;
  const ms = parseDuration(text);
  const day = new Date(now + (ms ?? Number.NaN));
  // A year of five digits is no date of the configuration; still later ones are no dates at all.
  return day.getUTCFullYear() <= 9999 ? day.toISOString().slice(0, 10) : undefined;
}

function lastDay(text: string, now: number): string {
  const day = dayOf(text, now);
  if (day === undefined) {
    throw new UsageError(`--until ${text} is neither a date nor a time from now`, {
      code: "usage/until",
      hint: "write 2027-03-31, or 30d",
    });
  }
  if (day < new Date(now).toISOString().slice(0, 10)) {
    throw new UsageError(`--until ${text} is over already`, { code: "usage/until" });
  }
  return day;
}

async function answer(
  given: string | undefined,
  flag: string,
  message: string,
  ctx: Context,
  validate: (text: string) => true | string,
): Promise<string> {
  if (given !== undefined && given.trim() !== "") return given.trim();
  const { prompt } = ctx.io;
  if (!prompt)
    throw new UsageError(`A waiver needs --${flag}`, { code: "usage/missing", hint: `add --${flag}` });
  return (await prompt.text({ message, validate })).trim();
}

/** Fewer digits name nothing: an empty variable of a script would waive the only finding of a report. */
const LEAST_DIGITS = 4;

function found(fingerprint: string, findings: readonly Finding[], shown: string): Finding {
  if (fingerprint.length < LEAST_DIGITS) {
    throw new UsageError(`\`${fingerprint}\` is too short for a fingerprint`, {
      code: "usage/short-fingerprint",
      hint: `give at least ${LEAST_DIGITS} of its digits`,
    });
  }
  const matches = findings.filter((one) => one.fingerprint.startsWith(fingerprint.toLowerCase()));
  const [first, second] = matches;
  if (!first) {
    throw new UsageError(`${shown} holds no finding ${fingerprint}`, {
      code: "usage/unknown-fingerprint",
      hint: "run `integ check` and copy a fingerprint from its output",
    });
  }
  if (second && second.fingerprint !== first.fingerprint) {
    throw new UsageError(`${fingerprint} fits several findings of ${shown}`, {
      code: "usage/ambiguous-fingerprint",
      hint: matches.map((one) => one.fingerprint).join(", "),
    });
  }
  return first;
}

function targetOf({ integration, version, endpoint }: Finding): { target?: string } {
  if (integration === undefined) return {};
  const at = version === undefined ? "" : `@${version}`;
  return { target: `${integration}${at}${endpoint === undefined ? "" : `/${endpoint}`}` };
}

const words = ({ rule, target, path }: Pick<Waiver, "rule" | "target" | "path">) =>
  neutralize([rule, target, path].filter((part) => part !== undefined).join("  "));

/** What the configuration would refuse must not come into it: every command would end there. @throws UsageError */
function refuseInvalid(entry: Entry): void {
  const { error } = waiver.safeParse(entry);
  const [issue] = error?.issues ?? [];
  if (!issue) return;
  if (issue.path[0] === "reason") {
    throw new UsageError(`--reason ${issue.message}`, { code: "usage/reason" });
  }
  throw new UsageError(
    `No waiver can be written for ${words(entry)}: its ${issue.path.join(".")} ${issue.message}`,
    {
      code: "usage/waiver",
      hint: "a waiver of rule and target alone, written by hand, covers it too",
    },
  );
}

/** Of entries for the very same thing only the last; several findings of one report may have one rule, target and path. */
const distinct = (entries: readonly Entry[]): Entry[] => [
  ...new Map(entries.map((one) => [words(one), one])).values(),
];

/** Adds the entries; one that is there already for the same thing gets the new reason and day. */
async function write({ config, configFile }: Project, entries: readonly Entry[]): Promise<void> {
  const before = config.waivers;
  if (before.length === 0) return editYaml(configFile, [{ path: ["waivers"], value: distinct(entries) }]);
  const known = (entry: Entry) => before.findIndex((one) => words(one) === words(entry));
  const wanted = distinct(entries);
  const renewed = wanted.filter((one) => known(one) >= 0);
  const added = wanted.filter((one) => known(one) < 0);
  return editYaml(configFile, [
    ...renewed.flatMap((one) =>
      (["reason", "until"] as const).map((key) => ({ path: ["waivers", known(one), key], value: one[key] })),
    ),
    ...added.map((value, index) => ({ path: ["waivers", before.length + index], value })),
  ]);
}

/**
 * `integ waive`: adds waivers for findings of a report.
 * @throws UsageError, ConfigError
 */
export async function run(options: WaiveOptions, ctx: Context): Promise<Result> {
  const project = await loadProject({ cwd: ctx.cwd, configFile: ctx.configFile });
  const file =
    options.report === undefined ? join(project.root, LAST_REPORT) : resolve(ctx.cwd, options.report);
  const shown = options.report ?? "the last check";
  const { findings } = await readReport(file, shown);
  const chosen = options.fingerprints.map((fingerprint) => found(fingerprint, findings, shown));
  const now = ctx.clock.now();
  const until = lastDay(
    await answer(options.until, "until", "Until which day? (2027-03-31, or 30d)", ctx, (text) =>
      dayOf(text.trim(), now) === undefined ? "a date such as 2027-03-31, or 30d" : true,
    ),
    now,
  );
  const reason = await answer(options.reason, "reason", "Why can it wait?", ctx, (text) =>
    text.trim() === "" ? "a word for those who come after" : true,
  );
  const entries = chosen.map(
    (one): Entry => ({
      rule: one.rule,
      ...targetOf(one),
      ...(one.path === undefined ? {} : { path: one.path }),
      reason,
      until,
    }),
  );
  for (const entry of entries) refuseInvalid(entry);
  if (!options.dryRun) await write(project, entries);
  const config = relative(ctx.cwd, project.configFile);
  return {
    data: { waivers: entries, dryRun: options.dryRun === true },
    text: ({ style }) =>
      entries
        .map(
          (one) =>
            `${options.dryRun ? "would waive" : "waived"} ${words(one)} ${style.dim(`until ${until}`)}`,
        )
        .join("\n"),
    next: options.dryRun ? [] : [`next: review and commit ${config}`],
  };
}
