import { compareText } from "../base/finding.ts";
import type { Environment } from "../config/project.ts";
import { type Ledger, ledgerEntry } from "./ledger.ts";
import { scheduleOf } from "./policy.ts";
import type { SecretReference } from "./reference.ts";

/** A rotation that falls due. */
export interface DueDate {
  secret: string;
  environment: string;
  owner: string;
  /** Epoch milliseconds. */
  dueAt: number;
  overdue: boolean;
}

/** Due dates of what is rotated by age, soonest first, as the ledger knows them: no store is opened. */
export function dueDates(
  secrets: readonly SecretReference[],
  environments: readonly Environment[],
  ledger: Ledger,
  now: number,
): DueDate[] {
  const dates = environments.flatMap((environment) =>
    secrets.flatMap(({ name, policy, integration }) => {
      const entry = ledgerEntry(ledger, environment.name, name);
      if (!entry || entry.removedAt !== undefined) return [];
      const schedule = scheduleOf(policy.rotateEveryMs, Date.parse(entry.rotatedAt ?? entry.createdAt), now);
      if (!("dueAt" in schedule)) return [];
      const overdue = schedule.state === "overdue";
      return [
        {
          secret: name,
          environment: environment.name,
          owner: integration.owner,
          dueAt: schedule.dueAt,
          overdue,
        },
      ];
    }),
  );
  return dates.sort(
    (a, b) =>
      a.dueAt - b.dueAt || compareText(a.secret, b.secret) || compareText(a.environment, b.environment),
  );
}

const escapeText = (text: string) => text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");

const day = (ms: number) => new Date(ms).toISOString().slice(0, 10).replaceAll("-", "");

const stamp = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;

/** Lines of more than 75 octets are continued on the next, never within a character (RFC 5545, 3.1). */
function fold(line: string): string {
  let out = "";
  let octets = 0;
  for (const char of line) {
    const size = Buffer.byteLength(char);
    if (octets + size > 75) {
      out += "\r\n ";
      octets = 1;
    }
    out += char;
    octets += size;
  }
  return out;
}

function event(project: string, { secret, environment, owner, dueAt }: DueDate, now: number): string[] {
  const subject = `${project}/${environment}/${secret}`;
  return [
    "BEGIN:VEVENT",
    // Stable, so that a calendar moves the event instead of adding another.
    `UID:${encodeURIComponent(subject)}@integ`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART;VALUE=DATE:${day(dueAt)}`,
    `SUMMARY:${escapeText(`Rotate ${secret} (${environment})`)}`,
    `DESCRIPTION:${escapeText([`integ secrets rotate ${secret} --env ${environment}`, ...(owner ? [`Owner: ${owner}`] : [])].join("\n"))}`,
    "TRANSP:TRANSPARENT",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `DESCRIPTION:${escapeText(`${secret} (${environment}) is to be rotated in a week`)}`,
    "TRIGGER:-P7D",
    "END:VALARM",
    "END:VEVENT",
  ];
}

/** The due dates as an iCalendar document (RFC 5545): whole-day events with a reminder a week before. */
export function toICalendar(project: string, dates: readonly DueDate[], now: number): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//integ//secrets//EN",
    `X-WR-CALNAME:${escapeText(`Secrets of ${project}`)}`,
    ...dates.flatMap((date) => event(project, date, now)),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join("");
}
