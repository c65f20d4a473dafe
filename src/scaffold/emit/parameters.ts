import { pascalCase } from "../names.ts";
import type { OperationSpec, ParameterSpec } from "../spec.ts";
import { WIDTH } from "./layout.ts";
import { commentText, propertyKey, quote } from "./literal.ts";

const PLACES = { query: "query", header: "headers" } as const;
type Place = keyof typeof PLACES;
const IN_ORDER = Object.keys(PLACES) as readonly Place[];

const within = ({ parameters = [] }: OperationSpec, place: Place) =>
  parameters.filter((parameter) => parameter.in === place);

const isRequired = (parameters: readonly ParameterSpec[]) => parameters.some(({ required }) => required);

/** Whether a call cannot be made without saying more than path and body. */
export function needsCall({ parameters = [] }: OperationSpec): boolean {
  return isRequired(parameters);
}

/** The type of a call's options: the operation's own where it has parameters. */
export function callType(operation: OperationSpec): string {
  return operation.parameters?.length ? `${pascalCase(operation.name)}Call` : "CallOptions";
}

/** `query` and `headers`, as far as something in them is required. */
export function requiredPlaces(operation: OperationSpec): string[] {
  return IN_ORDER.filter((place) => isRequired(within(operation, place))).map((place) => PLACES[place]);
}

function placeLines(operation: OperationSpec, place: Place): string[] {
  const parameters = within(operation, place);
  if (parameters.length === 0) return [];
  const mark = (required: boolean) => (required ? "" : "?");
  return [
    `  ${PLACES[place]}${mark(isRequired(parameters))}: {`,
    ...parameters.map(({ name, type, required }) => `    ${propertyKey(name)}${mark(required)}: ${type};`),
    "  };",
  ];
}

function headLine(type: string): string {
  const line = `export interface ${type} extends CallOptions {`;
  return line.length <= WIDTH ? line : `export interface ${type}\n  extends CallOptions {`;
}

/** The options of each operation that has parameters. */
export function emitCallTypes(operations: readonly OperationSpec[]): string {
  return operations
    .filter(({ parameters = [] }) => parameters.length > 0)
    .map((operation) =>
      [
        `/** Options of \`${commentText(`${operation.method} ${operation.path}`).replaceAll("`", "'")}\`. */`,
        headLine(callType(operation)),
        ...IN_ORDER.flatMap((place) => placeLines(operation, place)),
        "}",
        "",
      ].join("\n"),
    )
    .join("\n");
}

/** The lists of an operation's query that go out as one value each. */
export function joinedLines(operation: OperationSpec): string[] {
  const query = within(operation, "query");
  const base = isRequired(query) ? "call.query" : "call.query?";
  return query.flatMap(({ name, separator, required }) => {
    if (separator === undefined) return [];
    const key = propertyKey(name);
    const member = key === name ? `.${name}` : `${base.endsWith("?") ? "." : ""}[${quote(name)}]`;
    const joined = `${base}${member}${required ? "" : "?"}.join(${quote(separator)}),`;
    const line = `        ${key}: ${joined}`;
    return line.length <= WIDTH ? [line] : [`        ${key}:`, `          ${joined}`];
  });
}

/** An example of everything that a call has to say besides path and body: `query`, `headers`. */
export function exampleOptions(operation: OperationSpec): Record<string, unknown> {
  return Object.fromEntries(
    IN_ORDER.flatMap((place): [string, unknown][] => {
      const required = within(operation, place).filter((parameter) => parameter.required);
      if (required.length === 0) return [];
      return [[PLACES[place], Object.fromEntries(required.map(({ name, example }) => [name, example]))]];
    }),
  );
}
