import type { Field } from "./names.ts";

/** A header whose name or value follows no family; a provider with one is added here. */
export type KnownHeader =
  | { kind: "field"; name: string; field: Field; windowSeconds?: number; unit?: string }
  /** `1/80` */
  | { kind: "used-of-limit"; name: string }
  /** `api-usage=25/5000; per-app-api-usage=17/250(…)` */
  | { kind: "named-used-of-limit" }
  /** Requests per second, not a count. */
  | { kind: "rate"; name: string }
  /** JSON of percentages: `{"call_count":28,"total_time":25}` */
  | { kind: "percentages" }
  /** `Microsoft.Compute/HighCostGet3Min;133,Microsoft.Compute/HighCostGet30Min;657` */
  | { kind: "named-remaining" };

const field = (
  name: string,
  of: Field,
  more: { windowSeconds?: number; unit?: string } = {},
): KnownHeader => ({ kind: "field", name, field: of, ...more });

const DAY = 86_400;

/** Sources: each provider's documentation of its rate limits. */
export const KNOWN_HEADERS: Readonly<Record<string, KnownHeader>> = {
  // Shopify, shopify.dev/docs/api/admin-rest/usage/rate-limits
  "x-shopify-shop-api-call-limit": { kind: "used-of-limit", name: "shop-api-call" },
  // Salesforce, developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_api_usage.htm
  "sforce-limit-info": { kind: "named-used-of-limit" },
  // Amazon SP-API, developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits
  "x-amzn-ratelimit-limit": { kind: "rate", name: "rate" },
  // Twilio, twilio.com/docs/usage/rate-limits
  "twilio-concurrent-requests": field("concurrent-requests", "used", { unit: "concurrent-requests" }),
  // Etsy, developers.etsy.com/documentation/essentials/rate-limits
  "x-limit-per-second": field("second", "limit", { windowSeconds: 1 }),
  "x-remaining-this-second": field("second", "remaining", { windowSeconds: 1 }),
  "x-limit-per-day": field("day", "limit", { windowSeconds: DAY }),
  "x-remaining-today": field("day", "remaining", { windowSeconds: DAY }),
  // Xero, developer.xero.com/documentation/guides/oauth2/limits
  "x-daylimit-remaining": field("day", "remaining", { windowSeconds: DAY }),
  "x-minlimit-remaining": field("minute", "remaining", { windowSeconds: 60 }),
  "x-appminlimit-remaining": field("app-minute", "remaining", { windowSeconds: 60 }),
  // Meta, developers.facebook.com/docs/graph-api/overview/rate-limiting
  "x-app-usage": { kind: "percentages" },
  "x-ad-account-usage": { kind: "percentages" },
  // Azure Resource Manager, learn.microsoft.com/azure/virtual-machines/troubleshooting/troubleshooting-throttling-errors
  "x-ms-ratelimit-remaining-resource": { kind: "named-remaining" },
  // EVE Online, developers.eveonline.com/docs/services/esi/best-practices
  "x-esi-error-limit-remain": field("errors", "remaining", { windowSeconds: 60 }),
  "x-esi-error-limit-reset": field("errors", "reset", { windowSeconds: 60 }),
};

/** What the members of `200,2000` stand for. */
export interface ListedWindow {
  name: string;
  windowSeconds: number;
}

/** By the family of the headers `-limit` and `-usage`. Strava, developers.strava.com/docs/rate-limits */
export const LISTED_WINDOWS: Readonly<Record<string, readonly ListedWindow[]>> = {
  "x-ratelimit": [
    { name: "15min", windowSeconds: 900 },
    { name: "daily", windowSeconds: DAY },
  ],
  "x-readratelimit": [
    { name: "read-15min", windowSeconds: 900 },
    { name: "read-daily", windowSeconds: DAY },
  ],
};
