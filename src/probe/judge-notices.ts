import { type Finding, finding } from "../base/finding.ts";
import { neutralize } from "../base/text.ts";
import type { NoticeLink, Notices } from "./notices.ts";
import { VERSION_HEADERS } from "./notices.ts";
import { namesOf, type Subject } from "./subject.ts";

const DAY_MS = 86_400_000;

/** A sunset nearer than this is an error; until then it is a warning. */
export const SUNSET_ERROR_DAYS = 30;

/** `2026-06-30` */
const day = (iso: string) => iso.slice(0, 10);

const quote = (text: string) => neutralize(text).slice(0, 300);

/** Where the provider says more of this very thing, and what comes after it. */
function helpOf({ links }: Notices, about: NoticeLink["rel"]): { help: string } | Record<string, never> {
  const successor = links.find(({ rel }) => rel === "successor-version");
  const others = links.filter((link) => link !== successor);
  const more = others.find(({ rel }) => rel === about) ?? others[0];
  const parts = [
    ...(more ? [`the provider says more at ${quote(more.href)}`] : []),
    ...(successor ? [`its successor is ${quote(successor.href)}`] : []),
  ];
  return parts.length > 0 ? { help: parts.join("; ") } : {};
}

function judgeSunset(notices: Notices, subject: Subject, now: number): Finding[] {
  const { sunsetAt } = notices;
  if (sunsetAt === undefined) return [];
  const days = Math.floor((Date.parse(sunsetAt) - now) / DAY_MS);
  const message =
    days < 0
      ? `the provider switched this off on ${day(sunsetAt)}; it still answers`
      : `the provider switches this off on ${day(sunsetAt)}, in ${days} days`;
  return [
    finding({
      rule: "provider/sunset",
      severity: days < SUNSET_ERROR_DAYS ? "error" : "warning",
      message,
      ...helpOf(notices, "sunset"),
      ...namesOf(subject),
      evidence: { sunsetAt, days },
    }),
  ];
}

function judgeDeprecation(notices: Notices, subject: Subject, now: number): Finding[] {
  const { deprecated, deprecatedAt, message } = notices;
  if (!deprecated) return [];
  const future = deprecatedAt !== undefined && Date.parse(deprecatedAt) > now;
  const when =
    deprecatedAt === undefined
      ? ""
      : future
        ? ` from ${day(deprecatedAt)} on`
        : ` since ${day(deprecatedAt)}`;
  const why = message === undefined ? "" : `: ${quote(message)}`;
  return [
    finding({
      rule: "provider/deprecated",
      severity: "warning",
      message: `the provider calls this deprecated${when}${why}`,
      ...helpOf(notices, "deprecation"),
      ...namesOf(subject),
      ...(deprecatedAt ? { evidence: { deprecatedAt } } : {}),
    }),
  ];
}

/** Headers that carry the API version in a request. */
const PINS = new Set<string>([...VERSION_HEADERS, "x-github-api-version", "api-version"]);

/** The API version that the module pins. */
function pinnedVersion({ request }: Subject): string | undefined {
  return Object.entries(request.headers).find(([name]) => PINS.has(name.toLowerCase()))?.[1];
}

function judgeVersion({ version }: Notices, subject: Subject): Finding[] {
  if (version === undefined) return [];
  const pinned = pinnedVersion(subject);
  if (pinned === undefined || pinned.trim() === version.trim()) return [];
  return [
    finding({
      rule: "provider/version-drift",
      severity: "warning",
      message: `the provider answered in version ${quote(version)}, not in the pinned ${quote(pinned)}`,
      help: "the pinned version may be switched off; look into the provider's changelog",
      ...namesOf(subject),
      before: pinned,
      after: version,
    }),
  ];
}

/** Findings of what the provider announces. @param now epoch milliseconds */
export function judgeNotices(notices: Notices, subject: Subject, now: number): Finding[] {
  return [
    ...judgeSunset(notices, subject, now),
    ...judgeDeprecation(notices, subject, now),
    ...judgeVersion(notices, subject),
  ];
}
