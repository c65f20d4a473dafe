import type { Auth, Price } from "../config/project.ts";
import type { RotationDocument } from "../config/schema/rotation.ts";
import type { TestRunner } from "./emit/assertions.ts";

/** What goes out as a query or a header: one value, or a list. */
export type ParameterValue = string | number | boolean | readonly (string | number | boolean)[];

/** What a caller may say besides path and body. */
export interface ParameterSpec {
  in: "query" | "header";
  /** As it goes out: `limit`, `created[gt]`. */
  name: string;
  /** TypeScript on one line. */
  type: string;
  required: boolean;
  /** Between the items of a list that goes out as one value. */
  separator?: string;
  /** What integ and the tests ask with where it is required. */
  example: ParameterValue;
}

/** What a request carries: JSON, a form, or text and bytes of another type as the caller has them. */
export interface BodySpec {
  kind: "none" | "json" | "form" | "raw";
  required: boolean;
  /** Export of bodies.ts, where the API's document describes it. */
  type?: string;
  /** What the tests send: all that is required. */
  example?: unknown;
}

/** How the pages of a list follow each other. */
export interface PagesSpec {
  /** Property of a page: its items. */
  items: string;
  /** Query that takes the pointer to a page. */
  parameter: string;
  /** Property of a page: the pointer to the next. */
  next?: string;
  /** Property of a page: whether there are more; the last item's `id` is the pointer then. */
  more?: string;
}

/** One operation of a module: a client method, a consumer schema, a test, an entry of the manifest. */
export interface OperationSpec {
  /** `list-customers` */
  name: string;
  method: string;
  /** `/v1/customers/{id}` */
  path: string;
  /** Values that fill the placeholders of `path` when integ itself asks. */
  examples: Readonly<Record<string, string>>;
  /** Query that the client sends too. */
  query: Readonly<Record<string, string | number>>;
  /** Further ones of its query and its headers, by what the API's document says. */
  parameters?: readonly ParameterSpec[];
  /** Its body, where the API's document speaks of it; else the method tells. */
  body?: BodySpec;
  /** Query that integ alone asks with, `limit=10`. */
  probeQuery?: string;
  /** Body that integ asks with, where the API reads by a method that usually writes; then `unsafe` is said too. */
  probeBody?: unknown;
  /** It gives a list in pages: the client walks them too. */
  pages?: PagesSpec;
  /** Export of schemas.ts, `CustomerList`. */
  consumer: string;
  /** A response that the schema accepts, for the offline test. */
  sample: unknown;
  /** The schema accepts a mere text too, so that no test can show it refuse one. */
  acceptsText?: boolean;
  /** Only the application has what it needs to ask: the manifest does not list it. */
  unlisted?: boolean;
  budget?: { p95?: string; errorRate?: string; quotaRemaining?: string };
}

export interface SecretSpec {
  name: string;
  env: string;
  rotateEvery?: string;
  /** One for all environments, or by environment of the project. */
  pattern?: string | Readonly<Record<string, string>>;
  /** Operation that shows whether a value works. */
  verify?: string;
  /** How the provider replaces it, as the manifest says it. */
  rotation?: RotationDocument;
}

/** How the provider signs: with a secret, by a scheme of the runtime, or with keys that an operation gives. */
export type WebhookSpec = { scheme: string; env: string } | { scheme: "plaid"; keys: string };

/** Everything that goes into one version of a module. */
export interface ModuleSpec {
  /** `stripe` */
  name: string;
  displayName: string;
  provider?: string;
  purpose: string;
  owner: string;
  /** One URL, or one per environment of the project. */
  baseUrl: string | Readonly<Record<string, string>>;
  auth: Auth;
  secrets: readonly SecretSpec[];
  version: string;
  headers: Readonly<Record<string, string>>;
  idempotencyHeader?: string;
  encoding?: "json" | "form";
  /** Operation → what one request of it costs; `*` for every other. */
  prices?: Readonly<Record<string, Price>>;
  operations: readonly OperationSpec[];
  /** The whole of schemas.ts, where a preset knows the responses. */
  schemas?: string;
  /** The types of bodies.ts, where the API's document describes what requests carry. */
  bodies?: string;
  webhook?: WebhookSpec;
  /** Calls can be made later, by a worker. */
  queue: boolean;
  /** Answers to reads are kept for a while. */
  cache: boolean;
  /** What its tests are written for. */
  testRunner: TestRunner;
  /** Extension of relative imports: `.js`, or `.ts` where the project's compiler wants it. */
  importExtension: ".js" | ".ts";
}
