import { UsageError } from "../../base/errors.ts";
import type { PlainAuth } from "../../config/project.ts";
import type { LoadedDocument } from "../../contract/document/load.ts";
import { SchemaReader } from "../../contract/document/read-schema.ts";
import { ANY, type Shape } from "../../contract/shape.ts";
import type { OperationSpec } from "../spec.ts";
import { factsOf } from "./facts.ts";
import { endpointName, Names, typeName } from "./names.ts";
import { type ApiOperation, listOperations } from "./operations.ts";
import { sampleOf } from "./sample.ts";
import { selectOperations } from "./select.ts";
import { emitZod, type Root } from "./zod.ts";

/** What a module takes from an OpenAPI document. */
export interface ApiSource {
  title: string | undefined;
  baseUrl: string | undefined;
  auth: PlainAuth;
  operations: OperationSpec[];
  /** The whole of schemas.ts. */
  schemas: string;
}

const HEAD = `import * as z from "zod";

// What the API's own document says of its responses. Take out what you do not read: \`integ check\` tells which of
// these lines a change breaks, and a line that nothing needs should break nothing.
`;

/** @throws UsageError where the document is not an OpenAPI document */
export function operationsOf(document: LoadedDocument): ApiOperation[] {
  if (document.kind !== "openapi") {
    throw new UsageError(`${document.name} is not an OpenAPI document`, { code: "scaffold/not-openapi" });
  }
  return listOperations(document);
}

function consumerOf(shape: Shape, endpoint: string): string {
  const component = shape.name?.split("/").at(-1);
  return typeName(component ?? endpoint);
}

function querySearch(values: Readonly<Record<string, string>>): string {
  return new URLSearchParams(Object.entries(values)).toString();
}

/**
 * Reads the chosen operations of a document: methods, consumer schemas, samples that these accept.
 * @param texts operationIds, or `GET /v1/customers`
 * @throws UsageError for an operation that is not there
 */
export function readApi(document: LoadedDocument, texts: readonly string[]): ApiSource {
  const chosen = selectOperations(texts, operationsOf(document));
  const reader = new SchemaReader(document.library, document.problems);
  const names = new Names();
  const consumers = new Map<Shape, string>();
  const roots: Root[] = [];
  const typeNames = new Names();
  const operations = chosen.map((operation): OperationSpec => {
    const { method, path, examples, requiredQuery, response } = operation;
    const name = names.claim(endpointName(operation.id)).replace(/([a-z])(\d+)$/, "$1-$2");
    const shape = response ? reader.read(response.value, response.place) : ANY;
    let consumer = consumers.get(shape);
    if (consumer === undefined) {
      consumer = typeNames.claim(consumerOf(shape, name));
      consumers.set(shape, consumer);
      roots.push({ name: consumer, shape });
    }
    const search = querySearch(requiredQuery);
    return {
      name,
      method,
      path,
      examples,
      query: {},
      ...(search === "" ? {} : { probeQuery: search }),
      consumer,
      sample: sampleOf(shape),
      acceptsText: shape.strings.length > 0,
    };
  });
  const { title, baseUrl, auth } = factsOf(document.root, document.name);
  return { title, baseUrl, auth, operations, schemas: `${HEAD}\n${emitZod(roots)}\n` };
}
