import type { Auth } from "./project.ts";

/** Keys of `auth` that name a secret. */
export const AUTH_SECRETS: readonly string[] = [
  "secret",
  "usernameSecret",
  "passwordSecret",
  "clientIdSecret",
  "clientSecret",
  "refreshTokenSecret",
  "accessKeySecret",
  "secretKeySecret",
  "sessionTokenSecret",
];

/** The secrets that requests are authorized with, each once. An integration may have others, such as a webhook's. */
export function secretsOfAuth(auth: Auth): string[] {
  const named =
    auth.scheme === "headers"
      ? Object.values(auth.headers)
      : Object.entries(auth).flatMap(([key, value]) =>
          AUTH_SECRETS.includes(key) && typeof value === "string" ? [value] : [],
        );
  return [...new Set(named)];
}
