import { UsageError } from "../base/errors.ts";
import type { PlainAuth as Auth } from "../config/project.ts";

/**
 * Reads `bearer`, `header:X-Key`, `query:key`, `basic` or `none`, the secret being `api_key` (`basic`: `username` and
 * `password`).
 * @throws UsageError
 */
export function parseAuth(text: string): Auth {
  const [, scheme = "", detail] = /^([a-z]+)(?::(.+))?$/.exec(text) ?? [];
  if (scheme === "bearer" && detail === undefined) return { scheme, secret: "api_key" };
  if (scheme === "none" && detail === undefined) return { scheme };
  if (scheme === "basic" && detail === undefined) {
    return { scheme, usernameSecret: "username", passwordSecret: "password" };
  }
  if (scheme === "header" && detail !== undefined && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(detail)) {
    return { scheme, header: detail, secret: "api_key" };
  }
  if (scheme === "query" && detail !== undefined && /^[\w.~-]+$/.test(detail)) {
    return { scheme, parameter: detail, secret: "api_key" };
  }
  throw new UsageError(`--auth '${text}' is not a way to authenticate`, {
    code: "scaffold/auth",
    hint: "bearer, header:X-Api-Key, query:key, basic or none",
  });
}
