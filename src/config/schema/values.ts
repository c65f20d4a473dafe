import * as z from "zod";

// Every check here is a pattern, so that the published JSON Schemas refuse the same texts as we do.
// An error text completes the sentence "`key` …".

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const SECRET_NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

/** Name of an integration or endpoint. */
export const name = z
  .string()
  .max(64, "must have at most 64 characters")
  .regex(NAME, "must be a name of lower-case letters, digits and single hyphens, such as `get-balance`");

export const environmentName = z
  .string()
  .max(64, "must have at most 64 characters")
  .regex(
    /^[A-Za-z][A-Za-z0-9]*([-_][A-Za-z0-9]+)*$/,
    "must be the name of an environment, such as `staging`",
  );

export const secretName = z
  .string({ error: "must be the name of a secret, such as `api_key`" })
  .max(64, "must have at most 64 characters")
  .regex(
    SECRET_NAME,
    "must be the name of a secret of lower-case letters, digits and underscores, such as `api_key` (never its value)",
  );

export const versionName = z
  .string({ error: "must be a version such as `v1`" })
  .regex(/^v[1-9][0-9]{0,5}$/, "must be a version such as `v1`");

/** Environment variable. */
export const variable = z
  .string({ error: "must be the name of an environment variable, such as `STRIPE_API_KEY`" })
  .max(256, "must have at most 256 characters")
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    "must be the name of an environment variable, such as `STRIPE_API_KEY` (never its value)",
  );

const DURATION_TEXT = "must be a duration with its unit, such as `800ms`, `30s`, `1h30m` or `90d`";
export const duration = z
  .string({ error: DURATION_TEXT })
  .regex(/^(\d{1,9}(\.\d{1,9})?(ms|s|m|h|d|w))+$/, DURATION_TEXT);

const SHARE_TEXT = "must be a percentage from `0%` to `100%`, such as `20%`";
/** A share written as a percentage: `1%` is plain where `1` would be either 1 % or all. */
export const share = z
  .string({ error: SHARE_TEXT })
  .regex(/^(100(\.0{1,6})?|\d{1,2}(\.\d{1,6})?)%$/, SHARE_TEXT);

const PRICE_TEXT = "must be an amount and a currency, such as `0.002 USD`";
/** What one request costs, the currency by ISO 4217. */
export const price = z
  .string({ error: PRICE_TEXT })
  .regex(/^(0|[1-9]\d{0,8})(\.\d{1,12})? [A-Z]{3}$/, PRICE_TEXT);

const URL_TEXT =
  "must be an http(s) URL without credentials, query or fragment, such as `https://api.example.com/v1`";
export const baseUrl = z
  .string({ error: URL_TEXT })
  .max(2048, "must have at most 2048 characters")
  .regex(/^https?:\/\/[^\s/?#@\\]+(\/[^\s?#\\]*)?$/, URL_TEXT);

export const METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] as const;
const REQUEST_TEXT = `must be a method and a path, such as \`GET /v1/customers?limit=3\` (methods: ${METHODS.join(", ")})`;
/** Method and path with query, or absolute URL. */
export const request = z
  .string({ error: REQUEST_TEXT })
  .max(8192, "must have at most 8192 characters")
  .regex(/^(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE) +(\/|https?:\/\/[^\s/?#@\\]+)[^\s#]*$/, REQUEST_TEXT);

export const headerName = z
  .string()
  .max(256, "must have at most 256 characters")
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "must be the name of an HTTP header");

const HEADER_TEXT = "must be a text in one line; put numbers in quotes";
/** Names and values of HTTP headers. */
export const headers = z.record(
  headerName,
  z
    .string({ error: HEADER_TEXT })
    .max(8192, "must have at most 8192 characters")
    .regex(/^[\t\x20-\x7e\x80-\xff]*$/, HEADER_TEXT),
);

/** A regular expression; that it compiles and is bounded is checked apart, in references.ts. */
export const regex = z
  .string({ error: "must be a regular expression in quotes" })
  .min(1, "must not be empty")
  .max(500, "must have at most 500 characters")
  .meta({ format: "regex" });

export const DATE_TEXT = "must be a date such as `2027-03-31`";
export const date = z.iso.date(DATE_TEXT);

// biome-ignore lint/suspicious/noControlCharactersInRegex: keeping them out is the point
const ONE_LINE = /^[^\x00-\x1f\x7f]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: keeping them out is the point
const RELATIVE = /^(?!\/|[A-Za-z]:)[^\x00-\x1f\x7f\\]+$/;

export const line = z
  .string()
  .min(1, "must not be empty")
  .max(500, "must have at most 500 characters")
  .regex(ONE_LINE, "must be one line without control characters");

/** A path relative to the file it is written in; absolute paths would hold on one machine only. */
export const relativePath = z
  .string()
  .min(1, "must not be empty")
  .max(500, "must have at most 500 characters")
  .regex(RELATIVE, "must be a relative path with forward slashes");

export const ruleId = z
  .string()
  .max(100, "must have at most 100 characters")
  .regex(
    /^[a-z][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/,
    "must be the id of a rule, such as `contract/property-removed`",
  );

/** An export of a TypeScript module. */
export const identifier = z
  .string()
  .max(200, "must have at most 200 characters")
  .regex(/^[A-Za-z_$][A-Za-z0-9_$]*$/, "must be the name of an export, such as `Balance`");
