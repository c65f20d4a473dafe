const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
};

const DURATION = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d))+$/;
const ISO_DATE = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|UTC|[+-]\d\d:?\d\d)?$/i;
const HTTP_DATE =
  /^(?:[a-z]{3,9}, *)?\d{1,2}[ -][a-z]{3}[ -]\d{2,4} \d\d:\d\d:\d\d(?: (?:gmt|utc|[+-]\d{4}))?$/i;

/** No provider's window is longer; what lies beyond is junk, such as a year 2286. */
const LONGEST_RESET_SECONDS = 400 * 86_400;

/** A plain decimal number, not negative. */
export function parseCount(text: string): number | undefined {
  const value = /^\d{1,15}(?:\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** Seconds of a duration as Go writes it: `1ms`, `8.64s`, `6m0s`, `1h2m3s`. */
export function parseGoDuration(text: string): number | undefined {
  if (text.length > 64 || !DURATION.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/g)) {
    seconds += Number(amount) * (UNIT_SECONDS[unit ?? ""] ?? 0);
  }
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** Epoch milliseconds of an HTTP date, or of ISO 8601 with or without seconds; without a zone it is UTC. */
export function parseDate(text: string): number | undefined {
  const trimmed = text.trim();
  const iso = ISO_DATE.exec(trimmed);
  const normal = iso ? `${iso[1]}T${iso[2]}${!iso[3] || /utc/i.test(iso[3]) ? "Z" : iso[3]}` : trimmed;
  if (!iso && !HTTP_DATE.test(trimmed)) return undefined;
  const time = Date.parse(/ (?:gmt|utc|[+-]\d{4})$/i.test(normal) || iso ? normal : `${normal} GMT`);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * Seconds from the server's now until a reset, whatever the value is: epoch milliseconds, epoch seconds, a duration, a
 * date, or seconds from now; milliseconds where the header says so or where only they fit into the window.
 * @param serverNow epoch milliseconds by the server's clock
 */
export function parseReset(
  text: string,
  {
    serverNow,
    windowSeconds,
    milliseconds,
  }: { serverNow: number; windowSeconds?: number | undefined; milliseconds?: boolean },
): number | undefined {
  const seconds = resetSeconds(text.trim(), serverNow, windowSeconds, milliseconds ?? false);
  if (seconds === undefined || seconds > LONGEST_RESET_SECONDS) return undefined;
  return Math.max(0, seconds);
}

function resetSeconds(
  text: string,
  serverNow: number,
  windowSeconds: number | undefined,
  milliseconds: boolean,
): number | undefined {
  const number = parseCount(text);
  if (number === undefined) {
    const date = parseDate(text);
    return date === undefined ? parseGoDuration(text) : (date - serverNow) / 1000;
  }
  if (number >= 1e12) return (number - serverNow) / 1000;
  if (number >= 1e9) return number - serverNow / 1000;
  if (milliseconds) return number / 1000;
  const tooLong = windowSeconds !== undefined && number > windowSeconds * 1.5;
  return tooLong && number / 1000 <= windowSeconds * 1.5 ? number / 1000 : number;
}

/** Seconds of Retry-After: whole or decimal seconds, or an HTTP date. Negative values and garbage are no answer. */
export function parseRetryAfter(text: string, serverNow: number): number | undefined {
  const trimmed = text.trim();
  const seconds = parseCount(trimmed) ?? parseGoDuration(trimmed);
  if (seconds !== undefined) return seconds <= LONGEST_RESET_SECONDS ? seconds : undefined;
  const date = parseDate(trimmed);
  return date === undefined || date < serverNow ? undefined : (date - serverNow) / 1000;
}
