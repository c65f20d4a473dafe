import type { Requirement, SecurityScheme } from "./api.ts";
import { follow } from "./follow.ts";
import { isObject, type JsonObject, own, stringOf } from "./json.ts";
import type { Library } from "./library.ts";
import type { Place } from "./place.ts";

export function readRequirements(written: unknown): Requirement[] {
  const list = Array.isArray(written) ? written : isObject(written) ? [written] : [];
  return list
    .filter(isObject)
    .map(
      (requirement) => new Map(Object.entries(requirement).map(([name, scopes]) => [name, scopesOf(scopes)])),
    );
}

const scopesOf = (scopes: unknown): string[] =>
  Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === "string").sort() : [];

/** Security schemes of OpenAPI 3 and Swagger 2. */
export function readSchemes(library: Library, written: JsonObject, at: Place): Map<string, SecurityScheme> {
  const schemes = new Map<string, SecurityScheme>();
  for (const [name, reference] of Object.entries(written)) {
    const { value: scheme, place } = follow(library, reference, at.at(name));
    if (isObject(scheme)) schemes.set(name, readScheme(name, scheme, place));
  }
  return schemes;
}

function readScheme(name: string, scheme: JsonObject, place: Place): SecurityScheme {
  const flows = flowsOf(scheme);
  const urlsOf = (word: string) =>
    new Map(
      flows.flatMap(([flow, { [word]: url }]): [string, string][] =>
        typeof url === "string" ? [[flow, url]] : [],
      ),
    );
  const scopes = flows.flatMap(([, flow]) => Object.entries(isObject(flow["scopes"]) ? flow["scopes"] : {}));
  return {
    name,
    type: typeOf(scheme),
    urls: new Map([
      ...urlsOf("authorizationUrl"),
      ...urlsOf("deviceAuthorizationUrl"),
      ...urlsOf("openIdConnectUrl"),
    ]),
    tokenUrls: urlsOf("tokenUrl"),
    refreshUrls: urlsOf("refreshUrl"),
    scopes: new Map(scopes.map(([scope, text]) => [scope, typeof text === "string" ? text : ""])),
    place,
  };
}

/** Flows by name; Swagger 2 has one, written into the scheme itself. */
function flowsOf(scheme: JsonObject): [string, JsonObject][] {
  const flows = own(scheme, "flows");
  if (!isObject(flows)) return [[stringOf(own(scheme, "flow")) ?? "", scheme]];
  return Object.entries(flows).flatMap(([name, flow]): [string, JsonObject][] =>
    isObject(flow) ? [[name, flow]] : [],
  );
}

function typeOf(scheme: JsonObject): string {
  const type = stringOf(own(scheme, "type")) ?? "";
  if (type === "apiKey") return `apiKey in ${String(own(scheme, "in"))} ${String(own(scheme, "name"))}`;
  if (type === "basic") return "http basic";
  return type === "http" ? `http ${String(own(scheme, "scheme")).toLowerCase()}` : type;
}
