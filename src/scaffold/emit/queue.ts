import { camelCase, pascalCase } from "../names.ts";
import type { ModuleSpec, OperationSpec } from "../spec.ts";
import { emitImport, inBrackets, WIDTH } from "./layout.ts";
import { emitLiteral, quote } from "./literal.ts";
import { exampleBody, parametersOf, placeholders, takesBody } from "./operations.ts";
import { callType, exampleOptions, requiredPlaces } from "./parameters.ts";
import { filledPath, isTestable } from "./tests.ts";

/** Methods whose effect a key of the caller's makes happen once. */
const KEYED = new Set(["POST", "PATCH"]);

const WRITES = new Set([...KEYED, "PUT", "DELETE"]);

/** Whether a call changes something: a POST that the API reads by does not. */
const isWrite = (operation: OperationSpec) =>
  operation.probeBody === undefined && (takesBody(operation) || WRITES.has(operation.method));

/** What can be done later: what writes, or where nothing does, what is read for a handler. */
function queued({ operations }: ModuleSpec): readonly OperationSpec[] {
  const listed = operations.filter(({ unlisted }) => !unlisted);
  const writes = listed.filter(isWrite);
  return writes.length > 0 ? writes : listed;
}

/** The operation that the queue's test makes a job of. */
export function jobForTest(spec: ModuleSpec): OperationSpec | undefined {
  return queued(spec).find(isTestable);
}

/** The type of one operation's job, on one line where it fits. */
function jobType(operation: OperationSpec, indent: string, before: string, after: string): string {
  const args = parametersOf(operation);
  const operationPart = `operation: ${quote(operation.name)}`;
  const places = requiredPlaces(operation).map((place) => `${place}: ${callType(operation)}["${place}"]`);
  const parts = [operationPart, ...(args.length === 0 ? [] : [`args: [${args.join(", ")}]`]), ...places];
  const line = `${before}{ ${parts.join("; ")} }${after}`;
  if (line.length <= WIDTH) return line;
  const inner = `${indent}  `;
  const argLines = args.length === 0 ? [] : [inBrackets(inner, "args: [", args, "];")];
  const placeLines = places.map((place) => `${inner}${place};`);
  return [`${before}{`, `${inner}${operationPart};`, ...argLines, ...placeLines, `${indent}}${after}`].join(
    "\n",
  );
}

function jobTypes(name: string, operations: readonly OperationSpec[]): string {
  const [only, ...others] = operations;
  const type = `export type ${name}Job =`;
  if (only && others.length === 0) return jobType(only, "", `${type} `, ";");
  const flat = operations.map((operation) => jobType(operation, "", "", ""));
  const line = `${type} ${flat.join(" | ")};`;
  if (!line.includes("\n") && line.length <= WIDTH) return line;
  const last = operations.length - 1;
  const members = operations.map((operation, index) =>
    jobType(operation, "    ", "  | ", index === last ? ";" : ""),
  );
  return [type, ...members].join("\n");
}

function caseLines(spec: ModuleSpec, operation: OperationSpec): string[] {
  const keyed = spec.idempotencyHeader !== undefined && KEYED.has(operation.method);
  const options = [
    ...requiredPlaces(operation).map((place) => `${place}: data.${place}`),
    ...(keyed ? ["operationId: id"] : []),
  ];
  const args = [
    ...(parametersOf(operation).length === 0 ? [] : ["...data.args"]),
    ...(options.length === 0 ? [] : [`{ ${options.join(", ")} }`]),
  ];
  const head = `return client.${camelCase(operation.name)}(`;
  const fits = `      ${head}${args.join(", ")});`.length <= WIDTH;
  const call =
    fits || options.length === 0
      ? [inBrackets("      ", head, args, ");")]
      : [
          `      ${head}${[...args.slice(0, -1), "{"].join(", ")}`,
          ...options.map((option) => `        ${option},`),
          "      });",
        ];
  return [`    case ${quote(operation.name)}:`, ...call];
}

/** The jobs of a module's queue, and how the call of each is made. */
export function emitJobs(spec: ModuleSpec): string {
  const own = pascalCase(spec.name);
  const operations = queued(spec);
  const cases = operations.flatMap((operation) => caseLines(spec, operation));
  const keyed = cases.some((line) => line.includes("operationId"));
  const job = `${keyed ? "{ id, data }" : "{ data }"}: Job<${own}Job>`;
  return [
    "/** A call to be made later, with what it takes; kept as JSON. */",
    jobTypes(own, operations),
    "",
    `/** Makes the call of a job${keyed ? "; the job's id makes it take effect once" : ""}. */`,
    inBrackets("", "function perform(", [`client: ${own}${spec.version.toUpperCase()}`, job], ") {"),
    "  switch (data.operation) {",
    ...cases,
    "  }",
    "}",
  ].join("\n");
}

/** The client, and the types of its calls that jobs are made of. */
export function emitClientImport(spec: ModuleSpec): string {
  const types = queued(spec).filter((operation) => requiredPlaces(operation).length > 0);
  const client = `${pascalCase(spec.name)}${spec.version.toUpperCase()}`;
  return emitImport("./client.ts", [client], types.map(callType));
}

/** Whether a call that is made again might take effect twice. */
function isUnkeyed({ idempotencyHeader }: ModuleSpec, operation: OperationSpec): boolean {
  return isWrite(operation) && KEYED.has(operation.method) && idempotencyHeader === undefined;
}

/** How often the queue makes a call, where that is not as often as it takes. */
export function emitAttempts(spec: ModuleSpec): string {
  if (!queued(spec).some((operation) => isUnkeyed(spec, operation))) return "";
  return [
    "  // There are no idempotency keys: where an answer got lost, the call may have taken effect.",
    "  attempts: 1,",
  ].join("\n");
}

/** What the queue's test answers and asks. */
export function emitQueueTest(spec: ModuleSpec): string {
  const operation = jobForTest(spec);
  if (!operation) return "";
  const args = [
    ...placeholders(operation.path).map((name) => operation.examples[name] ?? "1"),
    ...(takesBody(operation) ? [exampleBody(operation)] : []),
  ];
  const job = {
    operation: operation.name,
    ...(args.length === 0 ? {} : { args }),
    ...exampleOptions(operation),
  };
  return [
    `const path = ${quote(filledPath(operation))};`,
    `const sample: JsonBodyType = ${emitLiteral(operation.sample)};`,
    `const job: queue.${pascalCase(spec.name)}Job = ${emitLiteral(job)};`,
  ].join("\n");
}
