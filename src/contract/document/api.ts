import type { Note } from "../shape.ts";
import type { Found } from "./library.ts";
import type { Place } from "./place.ts";
import type { Server } from "./servers.ts";

/** What one media type carries. */
export interface Media {
  /** As written. */
  name: string;
  /** `undefined`: nothing is said about it. */
  schema: Found | undefined;
  /** What each item of a stream is, where that is said beside the schema of the whole (OpenAPI 3.2). */
  items?: Found | undefined;
  place: Place;
}

export interface HeaderModel {
  /** As written. */
  name: string;
  required: boolean;
  schema: Found | undefined;
  place: Place;
}

export interface ResponseModel {
  /** `200`, `4XX`, `default`. */
  status: string;
  /** By media type, lower case, without parameters. */
  content: ReadonlyMap<string, Media>;
  /** By name, lower case. */
  headers: ReadonlyMap<string, HeaderModel>;
  place: Place;
}

/** One way to be let in: all of these schemes together, with their scopes. Empty: nothing is needed. */
export type Requirement = ReadonlyMap<string, readonly string[]>;

export interface SecurityScheme {
  name: string;
  /** `apiKey in header X-Key`, `http bearer`, `oauth2`. */
  type: string;
  /** By flow: its URLs. */
  urls: ReadonlyMap<string, string>;
  tokenUrls: ReadonlyMap<string, string>;
  refreshUrls: ReadonlyMap<string, string>;
  /** Scope → what it says. */
  scopes: ReadonlyMap<string, string>;
  place: Place;
}

/** What an OpenAPI document of any version says about one parameter. */
export interface Parameter {
  in: string;
  name: string;
  required: boolean;
  /** How it is written: style and explode, or `collectionFormat`. */
  style: string;
  /** Whether it may stand without a value, `?flag`. */
  emptyAllowed: boolean;
  /** Whether `/`, `?` and the like stand in its value as they are. */
  reservedAllowed: boolean;
  note: Note | undefined;
  /** Read when it is needed. */
  schema: Found | undefined;
  place: Place;
}

export interface RequestBody {
  required: boolean;
  /** By media type, lower case, without parameters. */
  content: ReadonlyMap<string, Media>;
  place: Place;
}

export interface Operation {
  /** `GET /users/{}`: names of path parameters do not count. */
  key: string;
  method: string;
  /** As written. */
  path: string;
  id: string | undefined;
  tags: readonly string[];
  /** By `in` and name; header names in lower case; path parameters by their position. */
  parameters: ReadonlyMap<string, Parameter>;
  body: RequestBody | undefined;
  /** By status: `200`, `4XX`, `default`. */
  responses: ReadonlyMap<string, ResponseModel>;
  security: readonly Requirement[];
  /** Its own servers, or those of its path; `undefined`: the document's. */
  servers: readonly Server[] | undefined;
  /** What the API sends on its own, by name, address and method. */
  callbacks: ReadonlyMap<string, Operation>;
  note: Note;
  place: Place;
}

/** An OpenAPI document of any version, as far as comparison needs it. Schemas are places until they are read. */
export interface Api {
  title: string;
  /** `info.version`. */
  version: string;
  operations: ReadonlyMap<string, Operation>;
  webhooks: ReadonlyMap<string, Operation>;
  schemes: ReadonlyMap<string, SecurityScheme>;
  security: readonly Requirement[];
  tags: readonly string[];
  schemas: ReadonlyMap<string, Place>;
  servers: readonly Server[];
  place: Place;
  /** Where they are listed: that is where one is missing. */
  listed: { readonly [section in "operations" | "webhooks" | "schemes" | "schemas"]: Place };
}
