import type { Note } from "../shape.ts";
import type { Api, Operation, Parameter, RequestBody } from "./api.ts";
import { follow } from "./follow.ts";
import { isObject, type JsonObject, own, stringOf } from "./json.ts";
import type { Found, Library } from "./library.ts";
import { mediaOf, readBody, schemaOfParameter } from "./media.ts";
import { noteOfSchema, sunsetOf } from "./notes.ts";
import type { Place } from "./place.ts";
import type { Problems } from "./problems.ts";
import { readResponses } from "./responses.ts";
import { readRequirements, readSchemes } from "./security.ts";
import { readServers, type Server, swaggerServer } from "./servers.ts";

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/** Reads what an OpenAPI 2.0, 3.0, 3.1 or 3.2 document says about its operations. */
export function readApi(library: Library, problems: Problems): Api {
  return new ApiReader(library, problems).read();
}

/** A path without the names of its parameters: `/users/{}/repos`. */
export function normalizePath(path: string): string {
  const bare = path.replace(/\{[^{}]*\}/g, "{}").replace(/[?#].*$/, "");
  return bare.length > 1 ? bare.replace(/\/+$/, "") : bare;
}

class ApiReader {
  readonly #library: Library;
  readonly #problems: Problems;
  readonly #root: JsonObject;
  readonly #place: Place;
  readonly #swagger: boolean;
  readonly #parametersFound = new WeakMap<Found, Parameter>();

  constructor(library: Library, problems: Problems) {
    this.#library = library;
    this.#problems = problems;
    const { value, place } = library.entry;
    this.#root = isObject(value) ? value : {};
    this.#place = place;
    this.#swagger = own(this.#root, "swagger") !== undefined;
  }

  read(): Api {
    const root = this.#root;
    const info = objectOf(root, "info");
    const components = this.#swagger ? root : objectOf(root, "components");
    const at = this.#swagger ? this.#place : this.#place.at("components");
    const schemas = this.#swagger ? "definitions" : "schemas";
    const schemes = this.#swagger ? "securityDefinitions" : "securitySchemes";
    return {
      title: textOf(info, "title") ?? "",
      version: textOf(info, "version") ?? "",
      operations: this.#operations("paths"),
      webhooks: new Map([...this.#operations("webhooks"), ...this.#operations("x-webhooks")]),
      schemes: readSchemes(this.#library, objectOf(components, schemes), at.at(schemes)),
      security: readRequirements(own(root, "security")),
      tags: listOf(root, "tags").flatMap((tag) => (isObject(tag) ? (textOf(tag, "name") ?? []) : [])),
      schemas: new Map(
        Object.keys(objectOf(components, schemas)).map((name) => [name, at.under(schemas, name)]),
      ),
      servers: this.#servers(),
      place: this.#place,
      listed: {
        operations: this.#place.at("paths"),
        webhooks: this.#place.at("webhooks"),
        schemes: at.at(schemes),
        schemas: at.at(schemas),
      },
    };
  }

  #servers(): Server[] {
    return this.#swagger ? [swaggerServer(this.#root)] : (readServers(this.#root) ?? []);
  }

  #operations(section: string): Map<string, Operation> {
    const operations = new Map<string, Operation>();
    const paths = objectOf(this.#root, section);
    for (const [path, written] of Object.entries(paths)) {
      if (path.startsWith("x-") && section === "paths") continue;
      const item = follow(this.#library, written, this.#place.under(section, path));
      if (!isObject(item.value)) {
        if (written !== null)
          this.#problems.add("document/no-path-item", "A path must hold operations", item.place);
        continue;
      }
      for (const operation of this.#pathItem(path, item.value, item.place)) this.#keep(operations, operation);
    }
    return operations;
  }

  #keep(operations: Map<string, Operation>, operation: Operation): void {
    if (operations.has(operation.key)) {
      const message = `${operation.key} is there twice, with other names of its parameters: the first one counts`;
      this.#problems.add("document/repeated-operation", message, operation.place);
    } else operations.set(operation.key, operation);
  }

  /** @param sent whether the API sends these requests itself: what they in turn would call back is not looked at */
  #pathItem(path: string, item: JsonObject, place: Place, sent = false): Operation[] {
    const shared = this.#parameters(own(item, "parameters"), place.at("parameters"), path);
    const found: Operation[] = [];
    for (const method of METHODS) {
      const operation = own(item, method);
      if (isObject(operation))
        found.push(this.#operation({ path, method, item, shared, sent }, operation, place.at(method)));
    }
    for (const [method, operation] of Object.entries(objectOf(item, "additionalOperations"))) {
      const at = place.under("additionalOperations", method);
      if (isObject(operation))
        found.push(this.#operation({ path, method, item, shared, sent }, operation, at));
    }
    return found;
  }

  #operation(context: OperationContext, operation: JsonObject, place: Place): Operation {
    const { path, method, item, shared, sent } = context;
    const own_ = this.#parameters(own(operation, "parameters"), place.at("parameters"), path);
    const all = shared.size === 0 ? own_ : new Map([...shared, ...own_]);
    const security = own(operation, "security");
    return {
      key: `${method.toUpperCase()} ${normalizePath(path)}`,
      method: method.toUpperCase(),
      path,
      id: textOf(operation, "operationId"),
      tags: listOf(operation, "tags").filter((tag) => typeof tag === "string"),
      parameters: this.#swagger
        ? new Map([...all].filter(([, { in: where }]) => where !== "body" && where !== "formData"))
        : all,
      body: this.#body(operation, place, all),
      responses: readResponses(this.#library, operation, place, this.#produces(operation)),
      security:
        security === undefined ? readRequirements(own(this.#root, "security")) : readRequirements(security),
      servers: this.#swagger ? undefined : (readServers(operation) ?? readServers(item)),
      callbacks: sent ? new Map() : this.#callbacks(operation, place),
      note: operationNote(operation, item),
      place,
    };
  }

  #callbacks(operation: JsonObject, place: Place): Map<string, Operation> {
    const callbacks = new Map<string, Operation>();
    for (const [name, written] of Object.entries(objectOf(operation, "callbacks"))) {
      const { value, place: at } = follow(this.#library, written, place.under("callbacks", name));
      for (const [address, reference] of Object.entries(isObject(value) ? value : {})) {
        const item = follow(this.#library, reference, at.at(address));
        if (!isObject(item.value) || address.startsWith("x-")) continue;
        for (const sent of this.#pathItem(name, item.value, item.place, true))
          callbacks.set(`${address} ${sent.key}`, sent);
      }
    }
    return callbacks;
  }

  #body(
    operation: JsonObject,
    place: Place,
    parameters: ReadonlyMap<string, Parameter>,
  ): RequestBody | undefined {
    if (!this.#swagger) {
      const { value, place: at } = follow(
        this.#library,
        own(operation, "requestBody"),
        place.at("requestBody"),
      );
      if (!isObject(value)) return undefined;
      return {
        required: own(value, "required") === true,
        content: mediaOf(this.#library, own(value, "content"), at.at("content")),
        place: at,
      };
    }
    const media = namesOf(own(operation, "consumes") ?? own(this.#root, "consumes"));
    return readBody([...parameters.values()], media, place);
  }

  #produces(operation: JsonObject): readonly string[] | undefined {
    return this.#swagger ? namesOf(own(operation, "produces") ?? own(this.#root, "produces")) : undefined;
  }

  #parameters(written: unknown, place: Place, path: string): Map<string, Parameter> {
    const parameters = new Map<string, Parameter>();
    const list = Array.isArray(written) ? written : isObject(written) ? Object.values(written) : [];
    for (const [index, item] of list.entries()) {
      const found = follow(this.#library, item, place.at(index));
      const { value, place: at } = found;
      const parameter = found.value === item ? this.#parameter(found) : this.#sharedParameter(found);
      if (parameter) parameters.set(parameterKey(parameter, path), parameter);
      else if (isObject(value) && own(value, "$ref") !== undefined) {
        this.#problems.addUnresolved(String(own(value, "$ref")), at);
      }
    }
    return parameters;
  }

  /** What a reference leads to is the same find each time: hundreds of operations refer to one parameter. */
  #sharedParameter(found: Found): Parameter | undefined {
    const known = this.#parametersFound.get(found);
    if (known) return known;
    const parameter = this.#parameter(found);
    if (parameter) this.#parametersFound.set(found, parameter);
    return parameter;
  }

  #parameter({ value, place }: Found): Parameter | undefined {
    if (!isObject(value)) return undefined;
    const name = textOf(value, "name");
    const where = textOf(value, "in");
    if (name === undefined || where === undefined) return undefined;
    const schema = schemaOfParameter(value, place, this.#swagger);
    const preset = isObject(schema?.value) ? noteOfSchema(schema.value) : undefined;
    const note = noteOfSchema(value);
    return {
      in: where,
      name,
      required: own(value, "required") === true || where === "path",
      style: styleOf(value, where),
      emptyAllowed: where === "query" && own(value, "allowEmptyValue") === true,
      reservedAllowed: where !== "header" && own(value, "allowReserved") === true,
      note: preset?.default === undefined ? note : { ...note, default: preset.default },
      schema,
      place,
    };
  }
}

interface OperationContext {
  path: string;
  method: string;
  item: JsonObject;
  shared: ReadonlyMap<string, Parameter>;
  sent: boolean;
}

/** Path parameters are told apart by where they stand: renaming one changes no request. */
function parameterKey({ in: where, name }: Parameter, path: string): string {
  if (where === "header") return `header ${name.toLowerCase()}`;
  if (where !== "path") return `${where} ${name}`;
  const position = [...path.matchAll(/\{([^{}]*)\}/g)].findIndex(([, inner]) => inner === name);
  return position < 0 ? `path ${name}` : `path ${position}`;
}

function styleOf(parameter: JsonObject, where: string): string {
  const format = textOf(parameter, "collectionFormat");
  if (format !== undefined)
    return format === "multi" ? "form, exploded" : format === "csv" ? "joined by commas" : format;
  const [media] = Object.keys(objectOf(parameter, "content"));
  if (media !== undefined) return `as ${media}`;
  const usual = where === "query" || where === "cookie" ? "form" : "simple";
  const style = textOf(parameter, "style") ?? usual;
  const explode = own(parameter, "explode") ?? style === "form";
  return explode === true ? `${style}, exploded` : style === "form" ? "joined by commas" : style;
}

function operationNote(operation: JsonObject, item: JsonObject): Note {
  const note: Note = {};
  if (own(operation, "deprecated") === true || own(operation, "x-deprecated") === true)
    note.deprecated = true;
  const sunset = sunsetOf(operation) ?? sunsetOf(item);
  if (sunset !== undefined) note.sunset = sunset;
  const stability = textOf(operation, "x-stability-level") ?? textOf(item, "x-stability-level");
  if (stability !== undefined) note.stability = stability;
  return note;
}

function objectOf(object: JsonObject, name: string): JsonObject {
  const value = own(object, name);
  return isObject(value) ? value : {};
}

function listOf(object: JsonObject, name: string): readonly unknown[] {
  const value = own(object, name);
  return Array.isArray(value) ? value : [];
}

function textOf(object: JsonObject, name: string): string | undefined {
  const value = own(object, name);
  return typeof value === "number" ? String(value) : stringOf(value);
}

const namesOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
