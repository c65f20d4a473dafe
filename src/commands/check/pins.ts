import { type Finding, finding } from "../../base/finding.ts";
import { CHECK_RULES } from "../../check/rules.ts";
import type { Integration } from "../../config/project.ts";
import { findPreset } from "../../scaffold/preset.ts";

/** A version as APIs number theirs: by date (`2024-06-20`, with a name behind it) or by numbers (`2.14`). */
type ApiVersion = { kind: "date"; date: string } | { kind: "numbers"; numbers: readonly number[] };

function versionOf(text: string): ApiVersion | undefined {
  const date = /^v?(\d{4}-\d{2}-\d{2})(?:\.[a-z]+)?$/.exec(text)?.[1];
  if (date !== undefined) return { kind: "date", date };
  const numbers = /^v?(\d+(?:\.\d+)*)$/.exec(text)?.[1];
  return numbers === undefined ? undefined : { kind: "numbers", numbers: numbers.split(".").map(Number) };
}

/** Whether `pinned` is an earlier version than `latest`; false where the two cannot be compared. */
export function isBehind(pinned: string, latest: string): boolean {
  const [a, b] = [versionOf(pinned), versionOf(latest)];
  if (a?.kind === "date" && b?.kind === "date") return a.date < b.date;
  if (a?.kind !== "numbers" || b?.kind !== "numbers") return false;
  for (let at = 0; at < Math.max(a.numbers.length, b.numbers.length); at++) {
    const [mine = 0, theirs = 0] = [a.numbers[at], b.numbers[at]];
    if (mine !== theirs) return mine < theirs;
  }
  return false;
}

const isVersionHeader = (name: string) => /version/i.test(name);

function pinsOf({ name, provider, versions, active }: Integration): Finding[] {
  const preset = provider === undefined ? undefined : findPreset(provider);
  const version = versions.find((one) => one.name === active);
  if (!preset || !version) return [];
  const latest = new Map(
    Object.entries(preset.headers ?? {}).map(([header, value]) => [header.toLowerCase(), value]),
  );
  return Object.entries(version.headers).flatMap(([header, pinned]) => {
    const newest = isVersionHeader(header) ? latest.get(header.toLowerCase()) : undefined;
    if (newest === undefined || !isBehind(pinned, newest)) return [];
    return [
      finding(
        {
          rule: CHECK_RULES.versionBehind.id,
          severity: CHECK_RULES.versionBehind.severity,
          message: `${name} is pinned to ${header} ${pinned}; ${preset.displayName} is at ${newest}`,
          integration: name,
          version: version.name,
          before: pinned,
          after: newest,
          help: `try it beside the old one: integ scaffold ${name} --version NAME${preset.links?.changelog ? `; what changed: ${preset.links.changelog}` : ""}`,
        },
        header.toLowerCase(),
      ),
    ];
  });
}

/**
 * Active versions that pin an older version of the provider's API than the newest that integ knows of. Nothing is asked of
 * the provider: what is known is in the presets, and as old as the integ that is installed.
 */
export function judgePins(integrations: readonly Integration[]): Finding[] {
  return integrations.flatMap(pinsOf);
}
