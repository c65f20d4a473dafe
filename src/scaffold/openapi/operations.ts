import { compareText } from "../../base/finding.ts";
import { isObject, type JsonObject, own, stringOf } from "../../contract/document/json.ts";
import type { Found } from "../../contract/document/library.ts";
import type { LoadedDocument } from "../../contract/document/load.ts";

/** One operation of an OpenAPI document. */
export interface ApiOperation {
  /** As it is written; made of method and path where the document has none. */
  id: string;
  method: string;
  /** Begins with `/`; placeholders in braces. */
  path: string;
  /** Placeholder → a value to ask with. */
  examples: Readonly<Record<string, string>>;
  /** Query parameters that the API requires, with a value to ask with. */
  requiredQuery: Readonly<Record<string, string>>;
  /** The answer that means success; `undefined` where it has no JSON body. */
  response: Answer | undefined;
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch"];

/** What a value is, references followed; `undefined` where it is no object. */
function follow({ library }: LoadedDocument, found: Found | undefined): Found | undefined {
  let at = found;
  for (let step = 0; step < 20 && at && isObject(at.value); step++) {
    const reference = stringOf(own(at.value, "$ref"));
    if (reference === undefined) return at;
    at = library.resolve(reference, at.place);
  }
  return undefined;
}

function child(document: LoadedDocument, parent: Found | undefined, key: string | number): Found | undefined {
  if (!parent || typeof parent.value !== "object" || parent.value === null) return undefined;
  if (!Object.hasOwn(parent.value, key)) return undefined;
  const value: unknown = Reflect.get(parent.value, key);
  return follow(document, { value, place: parent.place.at(key) }) ?? { value, place: parent.place.at(key) };
}

function objectOf(found: Found | undefined): JsonObject {
  return found && isObject(found.value) ? found.value : {};
}

/** The answer that means success, as far as its body is JSON. */
interface Answer {
  /** 200 where the document only says that others are failures. */
  status: number;
  schema: Found;
  /** An example of the body, as the document gives it. */
  example?: unknown;
}

/** The first example that is given for a body or in its schema. */
function exampleIn(document: LoadedDocument, holder: Found | undefined, schema: Found): unknown {
  const named = child(document, holder, "examples");
  const [first] = Object.keys(objectOf(named));
  const listed = first === undefined ? undefined : child(document, child(document, named, first), "value");
  return objectOf(holder).example ?? listed?.value ?? objectOf(schema).example;
}

const JSON_TYPE = /^application\/(.+\+)?json\b|^\*\/\*/i;

function answerIn(document: LoadedDocument, response: Found | undefined): Omit<Answer, "status"> | undefined {
  const direct = child(document, response, "schema");
  if (direct) {
    const examples = objectOf(child(document, response, "examples"));
    const type = Object.keys(examples).find((name) => JSON_TYPE.test(name));
    return { schema: direct, example: (type && examples[type]) ?? objectOf(direct).example };
  }
  const content = child(document, response, "content");
  const type = Object.keys(objectOf(content)).find((name) => JSON_TYPE.test(name));
  const media = type === undefined ? undefined : child(document, content, type);
  const schema = child(document, media, "schema");
  return schema && { schema, example: exampleIn(document, media, schema) };
}

/** The JSON body of a successful answer. */
function responseOf(document: LoadedDocument, operation: Found): Answer | undefined {
  const responses = child(document, operation, "responses");
  const success = Object.keys(objectOf(responses))
    .filter((status) => /^2(\d\d|XX)$/i.test(status))
    .sort(compareText);
  for (const status of [...success, "default"]) {
    const response = child(document, responses, status);
    const answer = answerIn(document, response);
    if (answer) return { ...answer, status: Number(status) || 200 };
    if (response && status !== "default") return undefined;
  }
  return undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

/** A value for a parameter: its example, its default, its first allowed value, or one by its type. */
function exampleOf(document: LoadedDocument, parameter: Found): string {
  const own = objectOf(parameter);
  const schema = { ...own, ...objectOf(child(document, parameter, "schema")) };
  const first = Array.isArray(schema.enum) ? schema.enum[0] : undefined;
  const found = textOf(own.example) ?? textOf(schema.example) ?? textOf(schema.default) ?? textOf(first);
  return found !== undefined && found !== "" ? found : "1";
}

function parametersOf(document: LoadedDocument, pathItem: Found, operation: Found): Found[] {
  return [pathItem, operation].flatMap((holder) => {
    const list = child(document, holder, "parameters");
    if (!list || !Array.isArray(list.value)) return [];
    return list.value.flatMap((_, index) => child(document, list, index) ?? []);
  });
}

function valuesOf(document: LoadedDocument, parameters: readonly Found[], where: "path" | "query") {
  const chosen = parameters.filter((parameter) => {
    const { in: place, required } = objectOf(parameter);
    return place === where && (where === "path" || required === true);
  });
  return Object.fromEntries(
    chosen.map((parameter) => [String(objectOf(parameter).name), exampleOf(document, parameter)]),
  );
}

/** Every operation of a document, in its order. */
export function listOperations(document: LoadedDocument): ApiOperation[] {
  const paths = child(document, document.library.entry, "paths");
  return Object.keys(objectOf(paths)).flatMap((path) => {
    const pathItem = child(document, paths, path);
    if (!pathItem || !path.startsWith("/")) return [];
    return METHODS.flatMap((method): ApiOperation[] => {
      const operation = child(document, pathItem, method);
      if (!operation) return [];
      const parameters = parametersOf(document, pathItem, operation);
      return [
        {
          id: stringOf(objectOf(operation).operationId) ?? `${method} ${path}`,
          method: method.toUpperCase(),
          path,
          examples: valuesOf(document, parameters, "path"),
          requiredQuery: valuesOf(document, parameters, "query"),
          response: responseOf(document, operation),
        },
      ];
    });
  });
}
