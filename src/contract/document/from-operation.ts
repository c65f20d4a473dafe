import type { StoredContract } from "../store.ts";
import type { Api, Media, Operation, ResponseModel } from "./api.ts";
import type { LoadedDocument } from "./load.ts";
import { normalizePath, readApi } from "./openapi.ts";
import { SchemaReader } from "./read-schema.ts";

/** The request that a contract is about. */
export interface Asked {
  method: string;
  /** As it is sent, with or without a query: `/v1/customers/cus_1`. */
  path: string;
  /** Default: the first documented status of success. */
  status?: number;
}

/** The operation of a document that a request belongs to: literal parts of a path win over parameters. */
export function operationOf(api: Api, { method, path }: Asked): Operation | undefined {
  const wanted = normalizePath(path);
  const candidates = [...api.operations.values()].filter(
    (operation) => operation.method === method.toUpperCase(),
  );
  const bases = ["", ...api.servers.map((server) => server.replace(/\/+$/, ""))];
  const matching = candidates.filter((operation) =>
    bases.some((base) => matches(`${base}${operation.path}`, wanted)),
  );
  return matching.sort((a, b) => parametersIn(a) - parametersIn(b))[0];
}

const parametersIn = ({ path }: Operation): number => path.split("{").length;

function matches(template: string, path: string): boolean {
  const [parts, given] = [normalizePath(template).split("/"), path.split("/")];
  return (
    parts.length === given.length &&
    parts.every(
      (part, index) => part === given[index] || (part.includes("{}") && (given[index] ?? "") !== ""),
    )
  );
}

/**
 * What an OpenAPI document promises about the answer to a request, as a contract that rests on no sample.
 * @returns undefined where the document has no such operation, or says nothing about its answer's JSON body
 */
export function contractFromOperation(document: LoadedDocument, asked: Asked): StoredContract | undefined {
  const { library, problems } = document;
  const operation = operationOf(readApi(library, problems), asked);
  const response = operation && responseFor(operation, asked.status);
  const media = response && jsonOf(response);
  if (!operation || !response || !media?.schema) return undefined;
  const { value, place } = media.schema;
  return {
    shape: new SchemaReader(library, problems).read(value, place),
    request: `${asked.method.toUpperCase()} ${asked.path}`,
    status: asked.status ?? (Number(response.status) || 200),
    contentType: media.name.split(";")[0]?.trim().toLowerCase(),
    samples: 0,
    headers: [...response.headers]
      .filter(([, { required }]) => required)
      .map(([name]) => name)
      .sort(),
    title: operation.id ?? operation.key,
  };
}

function responseFor({ responses }: Operation, status: number | undefined): ResponseModel | undefined {
  if (status !== undefined) {
    return (
      responses.get(String(status)) ?? responses.get(`${String(status)[0]}XX`) ?? responses.get("default")
    );
  }
  const success = [...responses.keys()].filter((name) => name.startsWith("2")).sort()[0];
  return responses.get(success ?? "default");
}

function jsonOf({ content }: ResponseModel): Media | undefined {
  const json = [...content.keys()].find((type) => /^application\/(?:json|.*\+json|\*)$|^\*\/\*$/.test(type));
  return json === undefined ? undefined : content.get(json);
}
