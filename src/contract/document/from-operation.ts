import { compareText } from "../../base/finding.ts";
import { suggest } from "../../base/suggest.ts";
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
  const bases = ["", ...api.servers.map(({ path }) => path.replace(/\/+$/, ""))];
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

/** Why a document promises nothing about an answer. */
export type Undeclared =
  | {
      lacks: "operation" /** Operations that the request may have meant, the likeliest first. */;
      similar: string[];
    }
  | { lacks: "answer"; operation: string /** What is documented of it. */; statuses: string[] };

/**
 * What an OpenAPI document promises about the answers to requests, as contracts that rest on no sample.
 * @returns asks for one of them; says why there is none where the document has no such operation, or nothing about a JSON body
 */
export function declaredIn(document: LoadedDocument): (asked: Asked) => StoredContract | Undeclared {
  const { library, problems } = document;
  const api = readApi(library, problems);
  const reader = new SchemaReader(library, problems);
  return (asked) => {
    const operation = operationOf(api, asked);
    if (operation === undefined) return { lacks: "operation", similar: similarTo(api, asked) };
    const response = responseFor(operation, asked.status);
    const media = response && jsonOf(response);
    if (response === undefined || media?.schema === undefined) {
      const statuses = [...operation.responses.keys()].sort();
      return { lacks: "answer", operation: nameOf(operation), statuses };
    }
    const { value, place } = media.schema;
    return {
      shape: reader.read(value, place),
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
  };
}

const nameOf = ({ method, path }: Operation): string => `${method} ${path}`;

const SHOWN = 3;

/** Operations a slip of the pen away, else those of the same method whose path has most words of this one. */
function similarTo(api: Api, { method, path }: Asked): string[] {
  const names = [...api.operations.values()].map(nameOf);
  const wanted = `${method.toUpperCase()} ${normalizePath(path)}`;
  const aligned = new Map(names.map((name) => [filledIn(name, wanted), name]));
  const close = aligned.get(suggest(wanted, [...aligned.keys()]) ?? "");
  if (close !== undefined) return [close];
  const words = new Set(wordsOf(wanted).slice(1));
  const shared = (name: string) => wordsOf(name).filter((word) => words.has(word)).length;
  return names
    .filter((name) => name.startsWith(`${method.toUpperCase()} `) && shared(name) > 0)
    .sort((a, b) => shared(b) - shared(a) || a.length - b.length || compareText(a, b))
    .slice(0, SHOWN);
}

/** An operation with what the request has in the place of its parameters: these are no slips. */
function filledIn(name: string, wanted: string): string {
  const given = wanted.split("/");
  const parts = name.split("/");
  if (parts.length !== given.length) return name;
  return parts.map((part, index) => (part.includes("{") ? (given[index] ?? part) : part)).join("/");
}

/** `GET`, then the literal parts of the path that are no version. */
const wordsOf = (name: string): string[] =>
  name.split(/[ /]/).filter((part) => part !== "" && !part.includes("{") && !/^v?[0-9.]+$/.test(part));

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
