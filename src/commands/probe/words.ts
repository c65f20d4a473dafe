import { formatDuration } from "../../base/duration.ts";
import { plural } from "../../base/text.ts";
import type { Forecast } from "../../probe/forecast.ts";
import type { Quota } from "../../quota/quota.ts";

const DAY_MS = 86_400_000;

export const latencyWords = (ms: number | null | undefined) =>
  ms === null || ms === undefined ? "" : formatDuration(ms);

/** `resets in 47 m`, or nothing where the provider does not say. */
export function resetWords({ resetAt }: Quota, now: number): string {
  if (resetAt === undefined) return "";
  const ms = Date.parse(resetAt) - now;
  return ms <= 0
    ? "resets now"
    : `resets in ${formatDuration(Math.ceil(ms / 1000) * 1000).replace(/\.00 s$/, " s")}`;
}

/** `gone in 12 m at 3.2/s`, or nothing where it will last. */
export function forecastWords(told: Forecast | undefined, now: number): string {
  if (told?.exhaustedAt === undefined) return "";
  const ms = Date.parse(told.exhaustedAt) - now;
  const seconds = Math.max(1, Math.round(ms / 1000));
  return `gone in ${formatDuration(seconds * 1000).replace(/\.00 s$/, " s")} at ${paceWords(told.pace)}`;
}

/** Per second, minute or hour, whichever makes it at least one. */
function paceWords(pace: number): string {
  const [factor, unit] = pace >= 1 ? [1, "s"] : pace * 60 >= 1 ? [60, "m"] : [3600, "h"];
  return `${Number((pace * Number(factor)).toPrecision(2))}/${unit}`;
}

/** `4962 of 5000`, as far as the provider tells. */
export function leftWords({ limit, remaining, used, ratePerSecond }: Quota): string {
  if (remaining !== undefined)
    return limit === undefined ? `${remaining} left` : `${remaining} of ${limit} left`;
  if (used !== undefined) return limit === undefined ? `${used} used` : `${used} of ${limit} used`;
  if (limit !== undefined) return `limit ${limit}`;
  return ratePerSecond === undefined ? "" : `${ratePerSecond} per second`;
}

/** The quota of which the smallest share is left. */
export function scarcest(quotas: readonly Quota[]): Quota | undefined {
  const share = ({ limit, remaining }: Quota) =>
    limit === undefined || remaining === undefined || limit === 0 ? 1 : remaining / limit;
  return [...quotas].sort((a, b) => share(a) - share(b))[0];
}

export function daysUntil(iso: string, now: number): string {
  const days = Math.floor((Date.parse(iso) - now) / DAY_MS);
  if (Number.isNaN(days)) return "";
  return days < 0 ? `expired ${plural(-days, "day")} ago` : `${plural(days, "day")} left`;
}
