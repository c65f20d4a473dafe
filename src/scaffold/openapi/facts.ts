import type { PlainAuth } from "../../config/project.ts";
import { isObject, type JsonObject, own, stringOf } from "../../contract/document/json.ts";

/** What an OpenAPI document says about the API as a whole. */
export interface ApiFacts {
  title: string | undefined;
  /** Absolute; `undefined` where the document gives none. */
  baseUrl: string | undefined;
  auth: PlainAuth;
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

/** The scheme that the document asks for first; OAuth is a bearer token to whoever calls. */
function authOf(root: JsonObject): PlainAuth {
  const schemes = {
    ...object(root.securityDefinitions),
    ...object(object(root.components).securitySchemes),
  };
  const asked = list(root.security).flatMap((entry) => Object.keys(object(entry)));
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
  return type === undefined ? { scheme: "none" } : { scheme: "bearer", secret: "api_key" };
}

/**
 * Reads the facts of an OpenAPI document.
 * @param source where it came from: servers may be relative to it
 */
export function factsOf(root: unknown, source: string): ApiFacts {
  const document = object(root);
  const url = serverUrl(document);
  const absolute = url !== undefined && URL.canParse(url, /^https?:/.test(source) ? source : undefined);
  return {
    title: stringOf(object(document.info).title),
    baseUrl: absolute
      ? new URL(url, /^https?:/.test(source) ? source : undefined).href.replace(/\/+$/, "")
      : undefined,
    auth: authOf(document),
  };
}
