import { UsageError } from "../../base/errors.ts";
import type { Auth } from "../../config/project.ts";
import type { LoadedDocument } from "../../contract/document/load.ts";
import { SchemaReader } from "../../contract/document/read-schema.ts";
import { ANY, type Shape } from "../../contract/shape.ts";
import { formatContract, type StoredContract } from "../../contract/store.ts";
import { probeRequest } from "../manifest.ts";
import type { BodySpec, OperationSpec, ParameterSpec } from "../spec.ts";
import type { WrittenBody } from "./body.ts";
import { bodySample } from "./body-sample.ts";
import { type BodyRoot, emitBodyTypes, isTypable } from "./body-types.ts";
import { factsOf } from "./facts.ts";
import { componentName, endpointName, Names, typeName } from "./names.ts";
import { type ApiOperation, listOperations } from "./operations.ts";
import { callParameters, pathExamples } from "./parameters.ts";
import { exampleOr } from "./sample.ts";
import { selectOperations } from "./select.ts";
import { emitZod, type Root } from "./zod.ts";

/** What a module takes from an OpenAPI document. */
export interface ApiSource {
  title: string | undefined;
  baseUrl: string | undefined;
  auth: Auth;
  operations: OperationSpec[];
  /** The whole of schemas.ts. */
  schemas: string;
  /** The types of bodies.ts; absent where no request has a body that the document describes. */
  bodies?: string;
  /** Endpoint → what the document promises, where that is small enough to be reviewed. */
  contracts: ReadonlyMap<string, StoredContract>;
}

/** Bytes: a larger contract nobody reviews. Stripe's are 1 MB each, since each object leads to all others. */
const LARGEST_CONTRACT = 50_000;

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
  return typeName(componentName(shape.name) ?? endpoint);
}

/** The query of what is required, as the client sends it. */
function requiredSearch(parameters: readonly ParameterSpec[]): string {
  const pairs = parameters
    .filter(({ in: place, required }) => place === "query" && required)
    .flatMap(({ name, example, separator }): [string, string][] => {
      const values = [example].flat().map(String);
      return separator === undefined
        ? values.map((value) => [name, value])
        : [[name, values.join(separator)]];
    });
  return new URLSearchParams(pairs).toString();
}

/** So many nodes can be no small contract: the text need not be made to know that. */
const MOST_NODES = 500;

function isSmall(shape: Shape): boolean {
  const seen = new Set<Shape>();
  const open = [shape];
  for (let next = open.pop(); next; next = open.pop()) {
    if (seen.has(next)) continue;
    if (seen.size >= MOST_NODES) return false;
    seen.add(next);
    open.push(...next.arrays.map(({ items }) => items));
    for (const { properties, additional } of next.objects) {
      open.push(additional, ...[...properties.values()].map((property) => property.shape));
    }
  }
  return true;
}

/** What the document promises of an operation's answer, as a contract that rests on no sample. */
function promised(operation: OperationSpec, shape: Shape, status: number): StoredContract | undefined {
  if (!isSmall(shape)) return undefined;
  const contract: StoredContract = {
    shape,
    request: probeRequest(operation),
    status,
    contentType: "application/json",
    samples: 0,
    headers: [],
    title: operation.name,
  };
  return formatContract(contract).length <= LARGEST_CONTRACT ? contract : undefined;
}

/** Types of the bodies of all operations, each object once. */
class Bodies {
  readonly #reader: SchemaReader;
  readonly #names = new Names(["Record"]);
  readonly #known = new Map<Shape, string>();
  readonly #roots: BodyRoot[] = [];

  constructor(reader: SchemaReader) {
    this.#reader = reader;
  }

  /** The body as methods and tests have it. */
  of({ kind, required, schema }: WrittenBody, endpoint: string): BodySpec {
    const shape = schema && this.#reader.read(schema.value, schema.place);
    const example = shape && isTypable(shape) ? bodySample(shape) : undefined;
    if (!shape || example === undefined) return { kind, required };
    let type = this.#known.get(shape);
    if (type === undefined) {
      type = this.#names.claim(typeName(componentName(shape.name) ?? `${endpoint} body`));
      this.#known.set(shape, type);
      this.#roots.push({ name: type, shape });
    }
    return { kind, required, type, example };
  }

  text(): string | undefined {
    return this.#roots.length === 0 ? undefined : emitBodyTypes(this.#roots);
  }
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
  const described = new Bodies(reader);
  const contracts = new Map<string, StoredContract>();
  const facts = factsOf(document.root, document.name, chosen);
  // The credential is the client's own affair.
  const isCallers = ({ in: place, name }: ParameterSpec) =>
    !(place === "query" && facts.auth.scheme === "query" && facts.auth.parameter === name) &&
    !(
      place === "header" &&
      facts.auth.scheme === "header" &&
      facts.auth.header.toLowerCase() === name.toLowerCase()
    );
  const operations = chosen.map((operation): OperationSpec => {
    const { method, path, response } = operation;
    const name = names.claim(endpointName(operation.id)).replace(/([a-z])(\d+)$/, "$1-$2");
    const shape = response ? reader.read(response.schema.value, response.schema.place) : ANY;
    let consumer = consumers.get(shape);
    if (consumer === undefined) {
      consumer = typeNames.claim(consumerOf(shape, name));
      consumers.set(shape, consumer);
      roots.push({ name: consumer, shape });
    }
    const parameters = callParameters(operation.parameters, document, reader).filter(isCallers);
    const search = requiredSearch(parameters);
    const spec: OperationSpec = {
      name,
      method,
      path,
      examples: pathExamples(operation.parameters, document, reader),
      query: {},
      ...(parameters.length === 0 ? {} : { parameters }),
      body: described.of(operation.body, name),
      ...(search === "" ? {} : { probeQuery: search }),
      consumer,
      sample: exampleOr(shape, response?.example),
      acceptsText: shape.strings.length > 0,
    };
    if (response && method === "GET") {
      const contract = promised(spec, shape, response.status);
      if (contract) contracts.set(name, contract);
    }
    return spec;
  });
  const bodies = described.text();
  return {
    ...facts,
    operations,
    schemas: `${HEAD}\n${emitZod(roots)}\n`,
    ...(bodies === undefined ? {} : { bodies }),
    contracts,
  };
}
