import { UsageError } from "../base/errors.ts";
import { present } from "../base/present.ts";
import type { Auth } from "../config/project.ts";
import { auth as authSchema } from "../config/schema/auth.ts";

/** A way to authenticate as `--auth` says it: its scheme, what stands after the colon, and what it means. */
type Reading = (detail: string) => Auth;

const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

const client = { clientIdSecret: "client_id", clientSecret: "client_secret" } as const;

/** Without a detail, and with one that is of the form given. */
const BARE: Readonly<Record<string, Auth>> = {
  bearer: { scheme: "bearer", secret: "api_key" },
  none: { scheme: "none" },
  basic: { scheme: "basic", usernameSecret: "username", passwordSecret: "password" },
  "http-signature": { scheme: "http-signature", secret: "signing_key" },
};

const DETAILED: Readonly<Record<string, readonly [form: RegExp, Reading]>> = {
  header: [HEADER, (header) => ({ scheme: "header", header, secret: "api_key" })],
  query: [/^[\w.~-]+$/, (parameter) => ({ scheme: "query", parameter, secret: "api_key" })],
  oauth2: [/./, (tokenUrl) => ({ scheme: "oauth2-client-credentials", tokenUrl, ...client })],
  "oauth2-refresh": [
    /./,
    (tokenUrl) => ({
      scheme: "oauth2-refresh",
      tokenUrl,
      refreshTokenSecret: "refresh_token",
      ...client,
    }),
  ],
  "aws-sigv4": [
    /^[\w-]+\/[\w-]+$/,
    (detail) => {
      const [region = "", service = ""] = detail.split("/");
      return {
        scheme: "aws-sigv4",
        region,
        service,
        accessKeySecret: "access_key_id",
        secretKeySecret: "secret_access_key",
      };
    },
  ],
  hmac: [
    HEADER,
    // The time is part of what is signed unless the manifest says otherwise: the provider has to learn it.
    (header) => ({ scheme: "hmac", secret: "signing_key", header, timestampHeader: "X-Timestamp" }),
  ],
};

/** The ways to authenticate as help and errors list them. */
export const AUTH_FORMS =
  "bearer, header:X-Api-Key, query:key, basic, oauth2:TOKEN_URL, oauth2-refresh:TOKEN_URL, aws-sigv4:REGION/SERVICE, hmac:X-Signature, http-signature or none";

function read(scheme: string, detail: string | undefined): Auth | undefined {
  if (detail === undefined) return Object.hasOwn(BARE, scheme) ? BARE[scheme] : undefined;
  const [form, reading] = Object.hasOwn(DETAILED, scheme) ? (DETAILED[scheme] ?? []) : [];
  const auth = form?.test(detail) ? reading?.(detail) : undefined;
  // In the order in which the manifest is read again.
  const { data } = authSchema.safeParse(auth);
  return data && present(data);
}

/**
 * Reads `bearer`, `header:X-Key`, `oauth2:https://…/token` and their like; secrets get the usual names of their scheme.
 * @throws UsageError
 */
export function parseAuth(text: string): Auth {
  const [, scheme = "", detail] = /^([a-z0-9-]+)(?::(.+))?$/.exec(text) ?? [];
  const auth = read(scheme, detail);
  if (auth) return auth;
  throw new UsageError(`--auth '${text}' is not a way to authenticate`, {
    code: "scaffold/auth",
    hint: AUTH_FORMS,
  });
}
