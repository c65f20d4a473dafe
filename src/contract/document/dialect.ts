import { type JsonObject, stringOf } from "./json.ts";

export type Draft = 4 | 6 | 7 | 2019 | 2020;

/** Which rules a schema follows. */
export interface Dialect {
  /** As people call it: `JSON Schema 2020-12`, `OpenAPI 3.0`. */
  readonly name: string;
  /** Keywords of later drafts say nothing. OpenAPI 2.0 and 3.0 count as the latest: who writes `const` there means it. */
  readonly draft: Draft;
  /** Whether what stands beside a `$ref` holds. */
  readonly refSiblings: boolean;
  /** Whether `properties` without `type` means objects and `nullable` adds null: what authors of OpenAPI documents mean. */
  readonly openapi: boolean;
}

const jsonSchema = (draft: Draft, label: string): Dialect => ({
  name: `JSON Schema ${label}`,
  draft,
  refSiblings: draft >= 2019,
  openapi: false,
});

const openapi = (version: string, refSiblings: boolean): Dialect => ({
  name: `OpenAPI ${version}`,
  draft: 2020,
  refSiblings,
  openapi: true,
});

export const DIALECTS = {
  "draft-04": jsonSchema(4, "draft 4"),
  "draft-06": jsonSchema(6, "draft 6"),
  "draft-07": jsonSchema(7, "draft 7"),
  "2019-09": jsonSchema(2019, "2019-09"),
  "2020-12": jsonSchema(2020, "2020-12"),
  "openapi-2.0": openapi("2.0", false),
  "openapi-3.0": openapi("3.0", false),
  "openapi-3.1": openapi("3.1", true),
  "openapi-3.2": openapi("3.2", true),
} as const satisfies Record<string, Dialect>;

/** The dialect that `$schema` names; `undefined` for one that nobody here knows. */
export function dialectOfSchema(uri: string): Dialect | undefined {
  const text = uri.replace(/#$/, "").toLowerCase();
  const draft = /json-schema\.org\/(?:draft-0?([3467])|draft\/(2019-09|2020-12))\/(?:hyper-)?schema$/.exec(
    text,
  );
  if (draft?.[1] === "3" || draft?.[1] === "4") return DIALECTS["draft-04"];
  if (draft?.[1] === "6") return DIALECTS["draft-06"];
  if (draft?.[1] === "7") return DIALECTS["draft-07"];
  if (draft?.[2] === "2019-09") return DIALECTS["2019-09"];
  if (draft?.[2] === "2020-12") return DIALECTS["2020-12"];
  if (/json-schema\.org\/schema$/.test(text)) return DIALECTS["2020-12"];
  if (/spec\.openapis\.org\/oas\/3\.1\//.test(text)) return DIALECTS["openapi-3.1"];
  if (/spec\.openapis\.org\/oas\/3\.2\//.test(text)) return DIALECTS["openapi-3.2"];
  return undefined;
}

/** The dialect of the schemas in an OpenAPI document; `undefined` where the document is none. */
export function dialectOfApi(root: JsonObject): Dialect | undefined {
  // Written without quotes, YAML makes a number of the version.
  const swagger = root["swagger"];
  if (swagger !== undefined && String(swagger).startsWith("2")) return DIALECTS["openapi-2.0"];
  const version = root["openapi"] === undefined ? "" : String(root["openapi"]);
  if (version.startsWith("3.0") || version === "3") return DIALECTS["openapi-3.0"];
  if (version.startsWith("3.1")) {
    return dialectOfSchema(stringOf(root["jsonSchemaDialect"]) ?? "") ?? DIALECTS["openapi-3.1"];
  }
  if (version.startsWith("3.")) return DIALECTS["openapi-3.2"];
  return undefined;
}
