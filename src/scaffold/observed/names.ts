import { endpointName } from "../openapi/names.ts";
import { type Route, singular } from "./route.ts";

const VERBS: Readonly<Record<string, string>> = {
  GET: "get",
  HEAD: "head",
  POST: "create",
  PUT: "replace",
  PATCH: "update",
  DELETE: "delete",
};

/** Segments that say where an API lives, not what it is about. */
const MOUNT = /^(?:v\d+(?:\.\d+)*|api|rest|\d{4}-\d{2}(?:-\d{2})?)$/i;

/**
 * `GET /v1/customers` → `list-customers`, `GET /v1/customers/{customer}` → `get-customer`, `POST /v1/refunds` →
 * `create-refund`.
 * @param isList whether it answers with several of what it names
 */
export function observedName({ method, path }: Route, isList: boolean): string {
  const segments = path.split("/").filter((segment) => segment !== "" && !MOUNT.test(segment));
  const words = segments.filter((segment) => !segment.startsWith("{"));
  const last = words.at(-1) ?? "root";
  const ofOne = segments.at(-1)?.startsWith("{") === true;
  const many = method === "GET" && isList && !ofOne;
  const one = ofOne || (method === "POST" && words.length > 0);
  const verb = many ? "list" : (VERBS[method] ?? method.toLowerCase());
  return endpointName([verb, ...words.slice(0, -1), one && !many ? singular(last) : last].join(" "));
}
