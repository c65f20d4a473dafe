import { accepts } from "../../contract/accepts.ts";
import { stringOf } from "../../contract/document/json.ts";
import type { Found } from "../../contract/document/library.ts";
import type { LoadedDocument } from "../../contract/document/load.ts";
import { schemaOfParameter } from "../../contract/document/media.ts";
import type { SchemaReader } from "../../contract/document/read-schema.ts";
import { ANY, isAny, isMap, type Shape } from "../../contract/shape.ts";
import type { ParameterSpec, ParameterValue } from "../spec.ts";
import { scalarType } from "./parameter-type.ts";
import { sampleOf } from "./sample.ts";
import { child, isSwagger, objectOf } from "./walk.ts";

/** Headers that are not the caller's to set: OpenAPI leaves the first three out itself, a client knows the others. */
const OWN_HEADERS = /^(?:accept|content-type|authorization|user-agent|host|content-length|cookie)$/i;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Parameters of an operation and of its path item; the operation's word is the last. */
export function parametersOf(document: LoadedDocument, pathItem: Found, operation: Found): Found[] {
  const found = new Map<string, Found>();
  for (const holder of [pathItem, operation]) {
    const list = child(document, holder, "parameters");
    if (!list || !Array.isArray(list.value)) continue;
    for (const index of list.value.keys()) {
      const parameter = child(document, list, index);
      const { in: place, name } = objectOf(parameter);
      if (parameter && typeof place === "string" && typeof name === "string") {
        found.set(`${place} ${place === "header" ? name.toLowerCase() : name}`, parameter);
      }
    }
  }
  return [...found.values()];
}

/** A parameter with what its values may be. */
interface Written {
  name: string;
  required: boolean;
  found: Found;
  shape: Shape;
}

function written(found: Found, reader: SchemaReader, swagger: boolean): Written {
  const parameter = objectOf(found);
  const schema = schemaOfParameter(parameter, found.place, swagger);
  return {
    name: String(parameter.name),
    required: parameter.required === true,
    found,
    shape: schema ? reader.read(schema.value, schema.place) : ANY,
  };
}

function isValue(value: unknown): value is ParameterValue {
  if (Array.isArray(value))
    return value.length > 0 && value.every((item) => isValue(item) && !Array.isArray(item));
  return value !== "" && ["string", "number", "boolean"].includes(typeof value);
}

/** The document's own example of a parameter, its default, or a value that its schema accepts. */
function exampleOf({ found, shape }: Written, document: LoadedDocument): ParameterValue {
  const parameter = objectOf(found);
  const schema = objectOf(child(document, found, "schema"));
  const named = Object.keys(objectOf(child(document, found, "examples")))[0];
  const first = named && objectOf(child(document, child(document, found, "examples"), named)).value;
  const given = [parameter.example, first, schema.example, schema.default, parameter.default];
  const known = given.find((value): value is ParameterValue => isValue(value) && accepts(shape, value));
  if (known !== undefined) return known;
  const made = sampleOf(shape);
  if (Array.isArray(made)) {
    const items = shape.arrays[0] && sampleOf(shape.arrays[0].items);
    return [typeof items === "object" || items === undefined ? "1" : items];
  }
  const free = shape.strings.every(
    ({ enum: members, format }) => members === undefined && format === undefined,
  );
  if (typeof made === "object" || (typeof made === "string" && free)) return "1";
  // An empty one would leave the path, and says nothing in a query.
  if (made === "")
    return shape.strings.flatMap(({ enum: members }) => [...(members ?? [])]).find(isValue) ?? "1";
  return made;
}

/** Between the items of a list by its `collectionFormat`; `multi` has none. */
const SEPARATORS: ReadonlyMap<string, string> = new Map([
  ["csv", ","],
  ["ssv", " "],
  ["tsv", "\t"],
  ["pipes", "|"],
]);

/** What stands between the items of a list that goes out as one value; nothing where each item is a pair of its own. */
function separatorOf({ found }: Written, swagger: boolean): string | undefined {
  const parameter = objectOf(found);
  if (swagger) {
    const format = parameter.collectionFormat ?? "csv";
    return typeof format === "string" ? SEPARATORS.get(format) : undefined;
  }
  const style = parameter.style ?? "form";
  if (parameter.explode === true) return undefined;
  if (style === "spaceDelimited") return " ";
  if (style === "pipeDelimited") return "|";
  return style === "form" && parameter.explode === false ? "," : undefined;
}

/** Properties of an object that goes out as pairs of their own: `created[gt]`, or the properties' own names. */
function membersOf(parameter: Written, nameOf: (property: string) => string): ParameterSpec[] {
  return parameter.shape.objects.flatMap((object): ParameterSpec[] => {
    if (isMap(object)) return [];
    return [...object.properties].flatMap(([key, { shape, required }]): ParameterSpec[] => {
      const type = scalarType(shape);
      const made = sampleOf(shape);
      return type === undefined
        ? []
        : [
            {
              in: "query",
              name: nameOf(key),
              type,
              required: parameter.required && required,
              example: isValue(made) ? made : "1",
            },
          ];
    });
  });
}

function querySpecs(parameter: Written, document: LoadedDocument, swagger: boolean): ParameterSpec[] {
  const { name, required, shape, found } = parameter;
  const { style = "form", explode } = objectOf(found);
  const deep = style === "deepObject";
  const asPairs = !swagger && (deep || (style === "form" && explode !== false));
  const members = asPairs ? membersOf(parameter, (key) => (deep ? `${name}[${key}]` : key)) : [];
  const items = !isAny(shape) && shape.arrays[0] && (scalarType(shape.arrays[0].items) ?? "string");
  const separator = items ? separatorOf(parameter, swagger) : undefined;
  const scalar = scalarType(shape);
  const list = items ? `readonly ${/[ |]/.test(items) ? `(${items})` : items}[]` : undefined;
  // A list that is joined is always given as one: both forms would need to be told apart at every call.
  const type = separator === undefined ? [scalar, list].filter((one) => one !== undefined).join(" | ") : list;
  if (!type && members.length > 0) return members;
  const example = exampleOf(parameter, document);
  const own: ParameterSpec = {
    in: "query",
    // Lists in brackets have no form in OpenAPI; providers that say `deepObject` read `name[]`.
    name: deep && list !== undefined && scalar === undefined ? `${name}[]` : name,
    type: type || "string",
    required,
    ...(separator === undefined ? {} : { separator }),
    example: separator !== undefined && !Array.isArray(example) ? [String(example)] : example,
  };
  return [own, ...members.map((member) => ({ ...member, required: false }))];
}

function headerSpecs(parameter: Written, document: LoadedDocument): ParameterSpec[] {
  const { name, required, shape } = parameter;
  if (OWN_HEADERS.test(name) || !HEADER_NAME.test(name)) return [];
  const texts = shape.strings.length > 0 && shape.numbers.length === 0 && shape.boolean === 0;
  const type = (texts && shape.arrays.length === 0 && scalarType(shape)) || "string";
  return [{ in: "header", name, type, required, example: String(exampleOf(parameter, document)) }];
}

/** What a caller may say besides the path, as it goes out. */
export function callParameters(
  parameters: readonly Found[],
  document: LoadedDocument,
  reader: SchemaReader,
): ParameterSpec[] {
  const swagger = isSwagger(document);
  const specs = parameters.flatMap((found) => {
    const { in: place } = objectOf(found);
    if (place === "query") return querySpecs(written(found, reader, swagger), document, swagger);
    return place === "header" ? headerSpecs(written(found, reader, swagger), document) : [];
  });
  // Two that go out under one name are one to the caller.
  return [...new Map(specs.map((spec) => [`${spec.in} ${spec.name}`, spec])).values()];
}

/** Placeholder of the path → a value to ask with. */
export function pathExamples(
  parameters: readonly Found[],
  document: LoadedDocument,
  reader: SchemaReader,
): Record<string, string> {
  const swagger = isSwagger(document);
  return Object.fromEntries(
    parameters
      .filter((found) => stringOf(objectOf(found).in) === "path")
      .map((found) => written(found, reader, swagger))
      .map((parameter) => [parameter.name, String(exampleOf(parameter, document))]),
  );
}
