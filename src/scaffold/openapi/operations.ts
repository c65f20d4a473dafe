import { compareText } from "../../base/finding.ts";
import { isObject, stringOf } from "../../contract/document/json.ts";
import type { Found } from "../../contract/document/library.ts";
import type { LoadedDocument } from "../../contract/document/load.ts";
import { bodyOf, JSON_TYPE, type WrittenBody } from "./body.ts";
import { parametersOf } from "./parameters.ts";
import { child, objectOf } from "./walk.ts";

/** One operation of an OpenAPI document. */
export interface ApiOperation {
  /** As it is written; made of method and path where the document has none. */
  id: string;
  method: string;
  /** Begins with `/`; placeholders in braces. */
  path: string;
  /** As they are written; those of the path item that the operation says again are left out. */
  parameters: readonly Found[];
  body: WrittenBody;
  /** The credentials that it asks for, as they are written; absent where it asks for what all do. */
  security: unknown;
  /** The answer that means success; `undefined` where it has no JSON body. */
  response: Answer | undefined;
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch"];

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

/** Every operation of a document, in its order. */
export function listOperations(document: LoadedDocument): ApiOperation[] {
  const paths = child(document, document.library.entry, "paths");
  return Object.keys(objectOf(paths)).flatMap((path) => {
    const pathItem = child(document, paths, path);
    if (!pathItem || !path.startsWith("/")) return [];
    return METHODS.flatMap((method): ApiOperation[] => {
      const operation = child(document, pathItem, method);
      if (!operation || !isObject(operation.value)) return [];
      const parameters = parametersOf(document, pathItem, operation);
      return [
        {
          id: stringOf(objectOf(operation).operationId) ?? `${method} ${path}`,
          method: method.toUpperCase(),
          path,
          parameters,
          security: objectOf(operation).security,
          body: bodyOf(document, { method: method.toUpperCase(), operation, parameters }),
          response: responseOf(document, operation),
        },
      ];
    });
  });
}
