import { readFileSync } from "node:fs";
import { ConfigError } from "../base/errors.ts";
import { writeFileAtomic } from "../base/files.ts";
import { KIND_NAMES, kindOf } from "./document/detect.ts";
import type { Position } from "./document/text/text.ts";
import type { Json, Shape } from "./shape.ts";
import { formatSchema } from "./store/format.ts";
import { fromSchema, SchemaError } from "./store/read-schema.ts";
import { toSchema } from "./store/write-schema.ts";

export { contractFile, requestLine } from "./store/names.ts";

/** What an endpoint answered when its contract was recorded. */
export interface StoredContract {
  /** The body of a response. */
  shape: Shape;
  /** `GET /v1/customers?limit=3`: a contract says nothing about another request. */
  request: string;
  status: number;
  /** Media type without parameters, lower case; undefined where there was no body. */
  contentType: string | undefined;
  /** Responses that the contract rests on. */
  samples: number;
  /** Names of the headers that every one of them had and that clients read, lower case, sorted. */
  headers: readonly string[];
  /** Where redirects led the answers, as `redirectsOf` says it; absent or empty: none is known of. */
  redirects?: readonly string[];
  /** Title and other words that a person wrote at the top; kept. */
  title: string;
}

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/**
 * Reads a contract.
 * @returns undefined when there is no such file
 * @throws ConfigError `contract/unreadable` when it is not JSON, or not a schema that integ understands
 */
export async function readContract(file: string): Promise<StoredContract | undefined> {
  let text: string;
  try {
    // A small file among a thousand: by way of the thread pool each would take ten times as long.
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw unreadable(file, error instanceof Error ? error.message : String(error), error);
  }
  try {
    return parseContract(text);
  } catch (error) {
    const { explain } = await import("./store/explain.ts");
    const { reason, position } = explain(text, error);
    throw unreadable(file, reason, error, position);
  }
}

const UNREADABLE = "contract/unreadable";

function unreadable(file: string, reason: string, cause: unknown, at?: Position): ConfigError {
  const message = `The contract ${file} cannot be read: ${reason}`;
  return new ConfigError(message, {
    code: UNREADABLE,
    hint: "restore it from git, or record it anew with `integ record --force`",
    problems: at ? [{ code: UNREADABLE, message: reason, location: { file, ...at } }] : [],
    cause,
  });
}

/** Writes a contract in one step, creating its directory. The same contract gives the same bytes. */
export async function writeContract(file: string, contract: StoredContract): Promise<void> {
  await writeFileAtomic(file, formatContract(contract));
}

/** A contract as the text of its file. */
export function formatContract(contract: StoredContract): string {
  const { shape, title, request, status, contentType, samples, headers, redirects = [] } = contract;
  const schema = toSchema(shape, { count: samples, responses: samples });
  const body: { [key: string]: Json } = typeof schema === "boolean" ? { not: {} } : schema;
  const { "x-integ": own, ...rest } = body;
  const evidence = typeof own === "object" && own !== null && !Array.isArray(own) ? own : {};
  return formatSchema({
    $schema: DIALECT,
    title,
    "x-integ": {
      contract: 1,
      request,
      status,
      ...(contentType === undefined ? {} : { contentType }),
      samples,
      ...(headers.length === 0 ? {} : { headers: [...headers] }),
      ...(redirects.length === 0 ? {} : { redirects: [...redirects] }),
      ...evidence,
    },
    ...rest,
  });
}

/** Each file that is meant as a schema has one of them at its top. */
const SCHEMA_WORDS = new Set(
  "$schema $id $ref $defs definitions x-integ type properties items enum const not anyOf oneOf allOf title description".split(
    " ",
  ),
);

const stringsOf = (list: Json | undefined): string[] =>
  Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];

/**
 * A document of another kind says nothing that a schema's reader knows: it would pass for one that allows everything. Asked of
 * what does not say of itself that it is a contract.
 * @throws SchemaError
 */
function refuseOther(json: Json): void {
  const kind = kindOf(json, "json");
  if (kind === "openapi" || kind === "har") {
    throw new SchemaError(`it is ${KIND_NAMES[kind]}, not a contract`, "");
  }
  const words = typeof json === "object" && json !== null && !Array.isArray(json) ? Object.keys(json) : [];
  if (words.length > 0 && !words.some((word) => SCHEMA_WORDS.has(word))) {
    throw new SchemaError("it has no word of a JSON Schema: it is data, not a contract", "");
  }
}

/**
 * Reads the text of a contract's file.
 * @throws SchemaError, SyntaxError
 */
export function parseContract(text: string): StoredContract {
  const json: Json = JSON.parse(text);
  const schema = typeof json === "object" && json !== null && !Array.isArray(json) ? json : {};
  const own = schema["x-integ"];
  const meta = typeof own === "object" && own !== null && !Array.isArray(own) ? own : {};
  if (meta.contract === undefined) refuseOther(json);
  else if (meta.contract !== 1) {
    throw new SchemaError(
      `it is of generation ${JSON.stringify(meta.contract)}; this integ reads generation 1`,
      "/x-integ/contract",
    );
  }
  const samples = typeof meta.samples === "number" ? meta.samples : 0;
  // What rests on no answer is declared: it has no evidence, not evidence of nothing.
  const expected = samples > 0 ? samples : -1;
  return {
    shape: fromSchema(json, { count: expected, responses: expected }),
    title: typeof schema.title === "string" ? schema.title : "",
    request: typeof meta.request === "string" ? meta.request : "",
    status: typeof meta.status === "number" ? meta.status : 200,
    contentType: typeof meta.contentType === "string" ? meta.contentType : undefined,
    samples,
    headers: stringsOf(meta.headers),
    redirects: stringsOf(meta.redirects),
  };
}
