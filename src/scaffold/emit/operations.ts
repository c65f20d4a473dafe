import { camelCase } from "../names.ts";
import type { OperationSpec } from "../spec.ts";
import { inBrackets, WIDTH } from "./layout.ts";
import { commentText, emitLiteral, propertyKey, quote } from "./literal.ts";

const WITH_BODY = new Set(["POST", "PUT", "PATCH"]);

/** Names of the placeholders of a path, in order. */
export function placeholders(path: string): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? "");
}

/** Whether a method of the client takes a body. */
export function takesBody({ method }: OperationSpec): boolean {
  return WITH_BODY.has(method);
}

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

function queryLines(query: OperationSpec["query"]): string[] {
  const entries = Object.entries(query).map(
    ([key, value]) => `        ${propertyKey(key)}: ${emitLiteral(value)},`,
  );
  return entries.length === 0 ? [] : ["      query: {", ...entries, "        ...call.query,", "      },"];
}

/** One method of the client class. */
export function emitMethod(operation: OperationSpec): string {
  const { name, method, path, consumer, query } = operation;
  const names = placeholders(path);
  const body = takesBody(operation);
  const args = [
    ...names.map((placeholder) => `${argumentName(placeholder)}: string | number`),
    ...(body ? ["body: Readonly<Record<string, unknown>>"] : []),
    "call: CallOptions = {}",
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
    `      schema: schemas.${consumer},`,
    "      ...call,",
    ...queryLines(query),
    "    });",
    "  }",
  ].join("\n");
}

/** All methods of the client class. */
export function emitMethods(operations: readonly OperationSpec[]): string {
  return operations.map(emitMethod).join("\n\n");
}
