import { camelCase } from "../names.ts";
import type { ModuleSpec, OperationSpec } from "../spec.ts";
import { inBrackets, WIDTH } from "./layout.ts";
import { commentText, emitLiteral, propertyKey, quote } from "./literal.ts";
import { emitPagesMethod } from "./pages.ts";
import { callType, joinedLines, needsCall } from "./parameters.ts";

const WITH_BODY = new Set(["POST", "PUT", "PATCH"]);

/** Names of the placeholders of a path, in order. */
export function placeholders(path: string): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? "");
}

/** Whether a method of the client takes a body. */
export function takesBody({ method, body }: OperationSpec): boolean {
  return body ? body.kind !== "none" : WITH_BODY.has(method);
}

/** The type of a method's body. */
function bodyType({ body }: OperationSpec): string {
  if (body?.type !== undefined) return `bodies.${body.type}`;
  return body?.kind === "raw" ? "string | Uint8Array" : "Readonly<Record<string, unknown>>";
}

/** The method's parameter for its body; one that may be left out where what follows may be too. */
function bodyParameter(operation: OperationSpec): string[] {
  if (!takesBody(operation)) return [];
  const type = bodyType(operation);
  if (operation.body?.required !== false) return [`body: ${type}`];
  return [needsCall(operation) ? `body: ${type} | undefined` : `body?: ${type}`];
}

/** Whether a method only reads: then its answer may be kept. */
const reads = ({ method }: OperationSpec) => method === "GET";

/** The name of a parameter that stands for a placeholder; `call` and `body` are taken. */
function argumentName(placeholder: string): string {
  const name = camelCase(placeholder.replace(/[^A-Za-z0-9]+/g, "-").replace(/^[-0-9]+|-+$/g, "")) || "id";
  return name === "call" || name === "body" ? `${name}Id` : name;
}

function paramsLines(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const entries = names.map((name) => {
    const argument = argumentName(name);
    return argument === name ? name : `${propertyKey(name)}: ${argument}`;
  });
  const line = `      params: { ${entries.join(", ")} },`;
  return line.length <= WIDTH
    ? [line]
    : ["      params: {", ...entries.map((entry) => `        ${entry},`), "      },"];
}

function queryLines(operation: OperationSpec): string[] {
  const entries = Object.entries(operation.query).map(
    ([key, value]) => `        ${propertyKey(key)}: ${emitLiteral(value)},`,
  );
  const joined = joinedLines(operation);
  if (entries.length + joined.length === 0) return [];
  return ["      query: {", ...entries, "        ...call.query,", ...joined, "      },"];
}

function pathParameters({ path }: OperationSpec): string[] {
  return placeholders(path).map((name) => `${argumentName(name)}: string | number`);
}

/** What a method takes, its options left out: `id: string | number`. A body is always said. */
export function parametersOf(operation: OperationSpec): string[] {
  const body = takesBody(operation) ? [`body: ${bodyType(operation)}`] : [];
  return [...pathParameters(operation), ...body];
}

/** A body as a test gives it. */
export const exampleBody = ({ body }: OperationSpec): unknown =>
  body?.example ?? (body?.kind === "raw" ? "" : {});

/** The types of bodies, where the text of a file names one. */
export function emitBodiesImport(text: string): string {
  return /\bbodies\.[A-Z]/.test(text) ? 'import type * as bodies from "./bodies.ts";' : "";
}

/** One method of the client class. */
function emitMethod(operation: OperationSpec, cache: boolean): string {
  const { name, method, path, consumer } = operation;
  const names = placeholders(path);
  const body = takesBody(operation);
  const args = [
    ...pathParameters(operation),
    ...bodyParameter(operation),
    `call: ${callType(operation)}${needsCall(operation) ? "" : " = {}"}`,
  ];
  return [
    `  /** \`${commentText(`${method} ${path}`).replaceAll("`", "'")}\` */`,
    inBrackets("  ", `${camelCase(name)}(`, args, `): Promise<schemas.${consumer}> {`),
    "    return this.#client.request({",
    `      operation: ${quote(name)},`,
    `      method: ${quote(method)},`,
    `      path: ${quote(path)},`,
    ...paramsLines(names),
    ...(body ? ["      body,"] : []),
    ...(operation.body?.kind === "form" ? ['      encoding: "form",'] : []),
    `      schema: schemas.${consumer},`,
    ...(cache && reads(operation) ? ["      cache: kept,"] : []),
    "      ...call,",
    ...queryLines(operation),
    "    });",
    "  }",
  ].join("\n");
}

/** All methods of the client class. */
export function emitMethods({ operations, cache }: Pick<ModuleSpec, "operations" | "cache">): string {
  return operations
    .flatMap((operation) => [emitMethod(operation, cache), ...emitPagesMethod(operation)])
    .join("\n\n");
}
