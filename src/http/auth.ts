import { IntegError, SecretError } from "../base/errors.ts";
import type { Auth } from "../config/project.ts";
import type { HttpRequest } from "./exchange.ts";

function secretValue(secrets: ReadonlyMap<string, string>, name: string): string {
  const value = secrets.get(name);
  if (value === undefined)
    throw new SecretError(`the secret ${name} is needed to authorize the request`, "missing", {});
  // A line break would end the header and start one of its own.
  if (/[\r\n\0]/.test(value)) {
    throw new SecretError(
      `the secret ${name} holds a line break, which no HTTP header can carry`,
      "corrupt",
      {
        hint: "store it again without the line break",
      },
    );
  }
  return value;
}

function withHeader(request: HttpRequest, name: string, value: string): HttpRequest {
  const others = Object.entries(request.headers).filter(([key]) => key.toLowerCase() !== name.toLowerCase());
  return {
    ...request,
    headers: { ...Object.fromEntries(others), [name]: value },
    credentials: {
      headers: [...(request.credentials?.headers ?? []), name.toLowerCase()],
      query: request.credentials?.query ?? [],
    },
  };
}

function withParameter(request: HttpRequest, name: string, value: string): HttpRequest {
  const url = new URL(request.url);
  url.searchParams.set(name, value);
  return {
    ...request,
    url: url.href,
    credentials: {
      headers: request.credentials?.headers ?? [],
      query: [...(request.credentials?.query ?? []), name],
    },
  };
}

/**
 * Adds what proves who we are, and notes in `credentials` where it was put.
 * @throws SecretError when a secret that the scheme names has no value
 */
export function authorize(
  request: HttpRequest,
  auth: Auth,
  secrets: ReadonlyMap<string, string>,
): HttpRequest {
  switch (auth.scheme) {
    case "none":
      return request;
    case "bearer":
      return withHeader(request, "authorization", `Bearer ${secretValue(secrets, auth.secret)}`);
    case "header":
      return withHeader(request, auth.header, `${auth.prefix ?? ""}${secretValue(secrets, auth.secret)}`);
    case "query":
      return withParameter(request, auth.parameter, secretValue(secrets, auth.secret));
    case "basic": {
      const user = auth.usernameSecret ? secretValue(secrets, auth.usernameSecret) : (auth.username ?? "");
      const password = auth.passwordSecret ? secretValue(secrets, auth.passwordSecret) : "";
      return withHeader(
        request,
        "authorization",
        `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
      );
    }
    default: {
      const never: never = auth;
      throw new IntegError(`unknown auth scheme ${JSON.stringify(never)}`, 5, { code: "auth/unknown" });
    }
  }
}
