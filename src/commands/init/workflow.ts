import type { Alarms, Channel } from "./answers.ts";

/** A CI template's places. */
export interface WorkflowPlaces {
  /** The project's, relative to the repository; `.` for its top. */
  directory: string;
  install: string;
  /** Whom the daily run tells. */
  alarms: Alarms;
}

/** The variables of each channel, as the configuration that init writes names them. */
export const CHANNEL_VARIABLES: Readonly<Record<Channel, readonly string[]>> = {
  slack: ["SLACK_WEBHOOK_URL"],
  webhook: ["ALERTS_URL", "ALERTS_KEY"],
  email: ["SMTP_URL"],
};

/** What channels were told, below the project's root. */
const TOLD = ".integ/notified.json";

/** The flags of the check that tells. */
export function alarmFlags({ channels, issues }: Alarms): string {
  return [...channels.map((name) => `--notify ${name}`), ...(issues ? ["--open-issues"] : [])].join(" ");
}

const OPENS = /^ *#\+ (\w+)$/;
const CLOSES = /^ *#-$/;

/** Keeps the parts of a template that are wanted, from a line `#+ name` to its `#-`, without their marks; parts nest. */
function choose(template: string, wanted: ReadonlySet<string>): string {
  const inside: boolean[] = [];
  const kept = template.split("\n").filter((line) => {
    const opens = OPENS.exec(line)?.[1];
    if (opens !== undefined) inside.push(wanted.has(opens));
    else if (CLOSES.test(line)) inside.pop();
    else return inside.every(Boolean);
    return false;
  });
  return kept.join("\n");
}

/** The line with `VARIABLE` once for each name. */
function eachVariable(template: string, names: readonly string[]): string {
  return template.replace(/^.*\bVARIABLE:.*\n/m, (line) =>
    names.map((name) => line.replaceAll("VARIABLE", name)).join(""),
  );
}

const yamlText = (text: string) => (/^[\w./-]+$/.test(text) ? text : JSON.stringify(text));

/** A CI workflow: the template with its places filled in and without the parts that are of no use here. */
export function workflowContent(template: string, { directory, install, alarms }: WorkflowPlaces): string {
  const { channels, issues } = alarms;
  const tells = channels.length > 0 || issues;
  const parts = { below: directory !== ".", tells, channels: channels.length > 0, issues };
  const wanted = Object.entries(parts).flatMap(([name, keep]) => (keep ? [name] : []));
  const variables = channels.flatMap((name) => CHANNEL_VARIABLES[name]);
  const told = directory === "." ? TOLD : `${directory}/${TOLD}`;
  return eachVariable(choose(template, new Set(wanted)), variables)
    .replaceAll("VARIABLES", variables.join(", "))
    .replaceAll(" ARGUMENTS", tells ? ' "$@"' : "")
    .replaceAll("ALARM_FLAGS", alarmFlags(alarms))
    .replaceAll("PROJECT_DIRECTORY", () => yamlText(directory))
    .replaceAll("TOLD_FILE", () => yamlText(told))
    .replaceAll("INSTALL_COMMAND", () => install);
}
