import { parseDate, parseGoDuration } from "./values.ts";

/** What a response's body says about quota. */
export interface BodyQuota {
  quota?: {
    name: string;
    limit?: number;
    remaining?: number;
    used?: number;
    resetAtMs?: number;
    ratePerSecond?: number;
    unit?: string;
  };
  retryAfterSeconds?: number;
  /** The body itself says that the request was refused for quota's sake. */
  blocked: boolean;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  );
}

const count = (value: unknown) =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

/** Shopify's GraphQL cost: `extensions.cost.throttleStatus`. */
function shopifyCost(body: unknown): BodyQuota["quota"] {
  const status = at(body, "extensions", "cost", "throttleStatus");
  if (!isObject(status)) return undefined;
  const limit = count(status.maximumAvailable);
  const remaining = count(status.currentlyAvailable);
  if (limit === undefined && remaining === undefined) return undefined;
  return {
    name: "query-cost",
    unit: "points",
    ...defined({ limit, remaining, ratePerSecond: count(status.restoreRate) }),
  };
}

/** GitHub's GraphQL limit, when the query asks for it: `data.rateLimit`. */
function githubRateLimit(body: unknown): BodyQuota["quota"] {
  const status = at(body, "data", "rateLimit");
  if (!isObject(status) || count(status.remaining) === undefined) return undefined;
  const resetAtMs = typeof status.resetAt === "string" ? parseDate(status.resetAt) : undefined;
  return {
    name: "graphql",
    unit: "points",
    ...defined({
      limit: count(status.limit),
      remaining: count(status.remaining),
      used: count(status.used),
      resetAtMs,
    }),
  };
}

/** Google's RetryInfo among an error's details, and Discord's `retry_after`. */
function retryAfter(body: unknown): number | undefined {
  const details = at(body, "error", "details");
  for (const detail of Array.isArray(details) ? details : []) {
    const delay = at(detail, "retryDelay");
    if (typeof delay === "string") return parseGoDuration(delay);
  }
  return count(at(body, "retry_after"));
}

const REFUSALS = new Set([
  "RATELIMITED",
  "RATE_LIMITED",
  "THROTTLED",
  "RESOURCE_EXHAUSTED",
  "ratelimited",
  "rate_limited",
  "rate_limit_exceeded",
  "https://iana.org/assignments/http-problem-types#quota-exceeded",
  "https://iana.org/assignments/http-problem-types#abnormal-usage-detected",
]);

/** Every form below has one of these words in its text; an escaped character may hide any of them. */
const WORDS_OF_QUOTA =
  /throttle|rate_?limit|retryDelay|retry_after|RESOURCE_EXHAUSTED|quota-exceeded|abnormal-usage|\\u/i;

/** Whether a JSON text may tell of quota: of the others nothing is missed where they are not parsed. */
export function mayTellOfQuotaText(json: string): boolean {
  return WORDS_OF_QUOTA.test(json);
}

/** Providers that refuse with 200 or 400 say so in a code: Slack, Linear, Shopify GraphQL, Google. */
function refused(body: unknown): boolean {
  const errors = at(body, "errors");
  const codes = [
    at(body, "error"),
    at(body, "type"),
    at(body, "error", "status"),
    at(body, "error", "code"),
    ...(Array.isArray(errors) ? errors.slice(0, 10).map((error) => at(error, "extensions", "code")) : []),
  ];
  return codes.some((code) => typeof code === "string" && REFUSALS.has(code));
}

/** Reads the forms in which bodies speak of quota; of anything else it says nothing. */
export function readBodyQuota(body: unknown): BodyQuota {
  if (!isObject(body)) return { blocked: false };
  const quota = shopifyCost(body) ?? githubRateLimit(body);
  const retryAfterSeconds = retryAfter(body);
  return {
    blocked: refused(body),
    ...(quota ? { quota } : {}),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}
