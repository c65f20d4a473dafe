import { compareText } from "../../base/finding.ts";
import { present } from "../../base/present.ts";
import type { OAuth2Auth, PlainAuth } from "../../config/project.ts";
import { auth as authSchema } from "../../config/schema/auth.ts";
import { isObject, type JsonObject, own, stringOf } from "../../contract/document/json.ts";
import type { ApiOperation } from "./operations.ts";

/** What an OpenAPI document says about the API as a whole. */
export interface ApiFacts {
  title: string | undefined;
  /** Absolute; `undefined` where the document gives none. */
  baseUrl: string | undefined;
  auth: PlainAuth | OAuth2Auth;
}

const object = (value: unknown): JsonObject => (isObject(value) ? value : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function serverUrl(root: JsonObject): string | undefined {
  const [first] = list(root.servers).map(object);
  const url = stringOf(first?.url);
  if (url !== undefined) {
    const variables = object(first?.variables);
    return url.replace(
      /\{([^}]+)\}/g,
      (all, name: string) => stringOf(object(variables[name]).default) ?? all,
    );
  }
  const host = stringOf(root.host);
  if (host === undefined) return undefined;
  const schemes = list(root.schemes);
  const scheme = schemes.includes("https") || schemes.length === 0 ? "https" : String(schemes[0]);
  return `${scheme}://${host}${stringOf(root.basePath) ?? ""}`;
}

/** What the chosen operations demand: scheme → scopes. An operation's own word comes before the document's. */
function demandsOf(root: JsonObject, operations: readonly Pick<ApiOperation, "security">[]): JsonObject[] {
  const own = operations.flatMap(({ security }) => (security === undefined ? [] : list(security)));
  return [...list(root.security), ...own].map(object);
}

/** An address that is one: no placeholder that only a person can fill, nothing that a test's server reads as a pattern. */
const PLAIN_ADDRESS = /^(?:https?:\/\/[\w.-]+(?::\d+)?)?\/[\w./~-]*$/;

/**
 * OAuth where an application gets its tokens itself. A path stays one below the base URL, so that each environment asks
 * its own provider; where the base URL has a path of its own it would not be the same.
 */
function clientCredentials(
  scheme: JsonObject,
  scopes: readonly string[],
  baseUrl: string | undefined,
): OAuth2Auth | undefined {
  const flow = scheme.flow === "application" ? scheme : object(object(scheme.flows).clientCredentials);
  const written = stringOf(flow.tokenUrl);
  if (written === undefined || !PLAIN_ADDRESS.test(written)) return undefined;
  const isBelow = written.startsWith("/") && (baseUrl === undefined || new URL(baseUrl).pathname === "/");
  const absolute = URL.canParse(written, baseUrl) ? new URL(written, baseUrl).href : written;
  const { data } = authSchema.safeParse({
    scheme: "oauth2-client-credentials",
    tokenUrl: isBelow ? written : absolute,
    clientIdSecret: "client_id",
    clientSecret: "client_secret",
    ...(scopes.length === 0 ? {} : { scopes }),
  });
  return data?.scheme === "oauth2-client-credentials" ? present(data) : undefined;
}

/** The scheme that is asked for first; OAuth that needs a person is a bearer token to whoever calls. */
function authOf(
  root: JsonObject,
  operations: readonly Pick<ApiOperation, "security">[],
  baseUrl: string | undefined,
): PlainAuth | OAuth2Auth {
  const schemes = {
    ...object(root.securityDefinitions),
    ...object(object(root.components).securitySchemes),
  };
  const demands = demandsOf(root, operations);
  const asked = demands.flatMap((demand) => Object.keys(demand));
  const known = asked.filter((key) => Object.hasOwn(schemes, key));
  const isBearer = (key: string) => String(object(schemes[key]).scheme).toLowerCase() === "bearer";
  const name = known.find(isBearer) ?? known[0] ?? Object.keys(schemes)[0];
  const scheme = name === undefined ? {} : object(own(schemes, name));
  const type = scheme.type;
  const kind = String(scheme.scheme ?? "").toLowerCase();
  if (type === "basic" || (type === "http" && kind === "basic")) {
    return { scheme: "basic", usernameSecret: "username", passwordSecret: "password" };
  }
  if (type === "apiKey") {
    const parameter = String(scheme.name ?? "");
    if (scheme.in === "query" && /^[\w.~-]+$/.test(parameter)) {
      return { scheme: "query", parameter, secret: "api_key" };
    }
    const usable = scheme.in === "header" && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(parameter);
    if (usable && parameter.toLowerCase() === "authorization") return { scheme: "bearer", secret: "api_key" };
    if (usable) return { scheme: "header", header: parameter, secret: "api_key" };
  }
  if (type === "oauth2" && name !== undefined) {
    const scopes = new Set(demands.flatMap((demand) => list(own(demand, name)).map(String)));
    const flow = clientCredentials(scheme, [...scopes].sort(compareText), baseUrl);
    if (flow) return flow;
  }
  return type === undefined ? { scheme: "none" } : { scheme: "bearer", secret: "api_key" };
}

/**
 * Reads the facts of an OpenAPI document.
 * @param source where it came from: servers may be relative to it
 * @param operations those that are wanted: each may ask for credentials of its own
 */
export function factsOf(
  root: unknown,
  source: string,
  operations: readonly Pick<ApiOperation, "security">[],
): ApiFacts {
  const document = object(root);
  const url = serverUrl(document);
  const absolute = url !== undefined && URL.canParse(url, /^https?:/.test(source) ? source : undefined);
  const baseUrl = absolute
    ? new URL(url, /^https?:/.test(source) ? source : undefined).href.replace(/\/+$/, "")
    : undefined;
  return {
    title: stringOf(object(document.info).title),
    baseUrl,
    auth: authOf(document, operations, baseUrl),
  };
}
