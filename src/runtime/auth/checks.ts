import type { Auth } from "../../signing/schemes.ts";
import {
  maybe,
  oneOf,
  record,
  requireValue,
  requireValues,
  text,
  type ValueRule,
} from "../platform/values.ts";

const tokenEndpoint: ValueRule = {
  says: "an http(s) URL, or a path below the base URL",
  holds: (value) =>
    typeof value === "string" &&
    (value.startsWith("/") || (/^https?:\/\//.test(value) && URL.canParse(value))),
};

const oauth2 = { tokenUrl: tokenEndpoint, authenticate: maybe(oneOf("basic", "body")) };

/** What each scheme cannot do without. */
const RULES: Readonly<Record<Auth["scheme"], Readonly<Record<string, ValueRule>>>> = {
  none: {},
  bearer: { secret: text },
  header: { header: text, secret: text },
  headers: { headers: record },
  query: { parameter: text, secret: text },
  basic: {},
  "oauth2-client-credentials": { ...oauth2, clientSecret: text },
  "oauth2-refresh": { ...oauth2, refreshTokenSecret: text },
  "aws-sigv4": { region: text, service: text, accessKeySecret: text, secretKeySecret: text },
  hmac: {
    secret: text,
    header: text,
    algorithm: maybe(oneOf("sha1", "sha256", "sha512")),
    encoding: maybe(oneOf("hex", "base64")),
    timestampUnit: maybe(oneOf("s", "ms", "iso")),
  },
  "http-signature": { secret: text, keyEncoding: maybe(oneOf("utf8", "base64", "hex")) },
};

/** @throws TypeError for a scheme that there is not, or one that lacks what it needs */
export function checkAuth(integration: string, auth: Auth): void {
  const owner = `${integration}: auth`;
  requireValues(owner, auth, {});
  requireValue(`${owner}.scheme`, auth.scheme, oneOf(...Object.keys(RULES)));
  requireValues(owner, auth, RULES[auth.scheme]);
}
