import { isObject, type JsonObject, own, stringOf } from "./json.ts";

/** Where an API is: as far as it says. */
export interface Server {
  /** `api.example.com`; empty where the document leaves it open, as OpenAPI may and Swagger does without `host`. */
  host: string;
  /** `/v1`, or `/`. */
  path: string;
}

/** The servers of OpenAPI 3, of the document, a path or an operation; `undefined` where none are listed. Sorted. */
export function readServers(holder: JsonObject): Server[] | undefined {
  const written = own(holder, "servers");
  if (!Array.isArray(written) || written.length === 0) return undefined;
  return written
    .flatMap((server) => (isObject(server) ? (addressOf(server) ?? []) : []))
    .map(serverOf)
    .sort((a, b) => (wordsOf(a) < wordsOf(b) ? -1 : 1));
}

/** The one server of a Swagger 2.0 document. */
export function swaggerServer(root: JsonObject): Server {
  return {
    host: stringOf(own(root, "host"))?.toLowerCase() ?? "",
    path: stringOf(own(root, "basePath")) ?? "/",
  };
}

/** A server's URL with the defaults of its variables. */
function addressOf(server: JsonObject): string | undefined {
  const url = stringOf(own(server, "url"));
  const variables = own(server, "variables");
  if (url === undefined || !isObject(variables)) return url;
  return url.replace(/\{([^{}]*)\}/g, (whole, name: string) => {
    const variable = own(variables, name);
    return (isObject(variable) ? stringOf(own(variable, "default")) : undefined) ?? whole;
  });
}

function serverOf(url: string): Server {
  const [, host = "", path = ""] = /^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/([^/]*))?(.*)$/i.exec(url) ?? [];
  return { host: host.toLowerCase(), path: path.replace(/(?<=.)\/$/, "") || "/" };
}

const wordsOf = ({ host, path }: Server): string => `${host}${path}`;

/** Servers in words, for a report. */
export const listServers = (servers: readonly Server[]): string => servers.map(wordsOf).join(", ");

/** Whether a request to one of the old servers reaches one of the new ones. Of a host that is not named nothing is known. */
export function haveOneInCommon(old: readonly Server[], fresh: readonly Server[]): boolean {
  if (old.length === 0 || fresh.length === 0) return true;
  return old.some((a) =>
    fresh.some((b) => a.path === b.path && (a.host === b.host || a.host === "" || b.host === "")),
  );
}
