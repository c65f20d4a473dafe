import type { SecretCache } from "./secrets.ts";

/** How a request proves who it is: the `auth` of integration.yaml, with names of secrets. */
export type Auth =
  | { scheme: "none" }
  | { scheme: "bearer"; secret: string }
  | { scheme: "header"; header: string; prefix?: string; secret: string }
  | { scheme: "headers"; headers: Readonly<Record<string, string>> }
  | { scheme: "query"; parameter: string; secret: string }
  | { scheme: "basic"; username?: string; usernameSecret?: string; passwordSecret?: string };

/** The secrets that an `auth` names. */
export function secretNames(auth: Auth): string[] {
  if (auth.scheme === "none") return [];
  if (auth.scheme === "headers") return [...new Set(Object.values(auth.headers))];
  if (auth.scheme !== "basic") return [auth.secret];
  return [auth.usernameSecret, auth.passwordSecret].filter((name) => name !== undefined);
}

/** What authentication adds to a request. */
export interface Credentials {
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
}

/** A secret that is not set; the client makes it an error that tells which variable to set. */
export class SecretNotSet extends Error {
  readonly variable: string;

  constructor(variable: string) {
    super(`${variable} is not set`);
    this.variable = variable;
  }
}

async function need(secrets: SecretCache, name: string, fresh: boolean): Promise<string> {
  const value = await secrets.get(name, { fresh });
  if (value === undefined) throw new SecretNotSet(secrets.variableOf(name));
  return value;
}

/**
 * Reads the secrets of an `auth` and turns them into headers or query parameters.
 * @throws SecretNotSet
 */
export async function credentials(auth: Auth, secrets: SecretCache, fresh: boolean): Promise<Credentials> {
  switch (auth.scheme) {
    case "none":
      return { headers: {}, query: {} };
    case "bearer":
      return { headers: { authorization: `Bearer ${await need(secrets, auth.secret, fresh)}` }, query: {} };
    case "header": {
      const value = `${auth.prefix ?? ""}${await need(secrets, auth.secret, fresh)}`;
      return { headers: { [auth.header.toLowerCase()]: value }, query: {} };
    }
    case "headers": {
      const entries = Object.entries(auth.headers).map(async ([header, secret]) => [
        header.toLowerCase(),
        await need(secrets, secret, fresh),
      ]);
      return { headers: Object.fromEntries(await Promise.all(entries)), query: {} };
    }
    case "query":
      return { headers: {}, query: { [auth.parameter]: await need(secrets, auth.secret, fresh) } };
    case "basic": {
      const user = auth.usernameSecret
        ? await need(secrets, auth.usernameSecret, fresh)
        : (auth.username ?? "");
      const password = auth.passwordSecret ? await need(secrets, auth.passwordSecret, fresh) : "";
      const pair = Buffer.from(`${user}:${password}`, "utf8").toString("base64");
      return { headers: { authorization: `Basic ${pair}` }, query: {} };
    }
  }
}
