import { dialectOfApi } from "./dialect.ts";
import { isObject, own } from "./json.ts";
import type { TextProblem } from "./text/parse.ts";

/** Why an OpenAPI document cannot be read as one, and where. */
export interface Unreadable extends Pick<TextProblem, "code" | "message"> {
  pointer: string;
}

const KNOWN = "OpenAPI 2.0, 3.0, 3.1 and 3.2 are known";

/** `undefined` for a document that can be read. One that cannot would look as if all its operations were gone. */
export function whyUnreadable(root: unknown): Unreadable | undefined {
  if (!isObject(root)) return undefined;
  if (!dialectOfApi(root)) {
    const field = own(root, "openapi") === undefined ? "swagger" : "openapi";
    const version = own(root, field);
    const shown = typeof version === "string" || typeof version === "number" ? ` ${version}` : "";
    return {
      code: "document/unknown-version",
      message: `The version${shown} is not known here: ${KNOWN}`,
      pointer: `/${field}`,
    };
  }
  const paths = own(root, "paths");
  if (paths === undefined || paths === null || isObject(paths)) return undefined;
  return { code: "document/invalid-paths", message: "`paths` is no object of paths", pointer: "/paths" };
}
