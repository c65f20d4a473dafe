import { camelCase } from "../names.ts";
import type { ModuleSpec, OperationSpec } from "../spec.ts";
import { ASSERTIONS } from "./assertions.ts";
import { inBrackets, WIDTH } from "./layout.ts";
import { emitLiteral, inlineLiteral, quote } from "./literal.ts";
import { exampleBody, placeholders, takesBody } from "./operations.ts";
import { pagesTest } from "./pages.ts";
import { exampleOptions } from "./parameters.ts";

/** The path as it goes out, with the examples for its placeholders. */
export function filledPath({ path, examples }: OperationSpec): string {
  return path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(examples[name] ?? "1"));
}

/** Whether a test sends more than an empty body: then it says so in a line of its own, with the body's type. */
const hasBody = ({ body }: OperationSpec) =>
  body?.type !== undefined && JSON.stringify(body.example).length > 2;

function bodyLines(operation: OperationSpec): string[] {
  const { body } = operation;
  if (!hasBody(operation)) return [];
  return [`  const body: bodies.${body?.type} = ${emitLiteral(body?.example, "  ")};`];
}

/** An entry of an object, on one line where it fits. */
function optionLine(name: string, value: unknown, indent: string): string {
  const line = `${indent}${name}: ${inlineLiteral(value)},`;
  return line.length <= WIDTH ? line : `${indent}${name}: ${emitLiteral(value, indent)},`;
}

/**
 * A call of a client's method with its examples, as formatters print it: where it is too wide, an object that is the last
 * argument is opened around the rest, unless another object comes before it.
 * @param own what the test says in the call's options, by the names of its variables
 */
function callLine(
  before: string,
  spec: ModuleSpec,
  operation: OperationSpec,
  own: readonly string[] = [],
): string {
  const head = `${before}${camelCase(spec.name)}.${camelCase(operation.name)}(`;
  const args = placeholders(operation.path).map((name) => quote(operation.examples[name] ?? "1"));
  if (takesBody(operation)) args.push(hasBody(operation) ? "body" : inlineLiteral(exampleBody(operation)));
  const options = Object.entries(exampleOptions(operation));
  const entries = [...own, ...options.map(([name, value]) => `${name}: ${inlineLiteral(value)}`)];
  if (entries.length === 0) return inBrackets("  ", head, args, ");");
  const flat = `{ ${entries.join(", ")} }`;
  const line = `  ${head}${[...args, flat].join(", ")});`;
  if (line.length <= WIDTH) return line;
  const opened = (indent: string) =>
    [
      "{",
      ...own.map((name) => `${indent}  ${name},`),
      ...options.map(([name, value]) => optionLine(name, value, `${indent}  `)),
      `${indent}}`,
    ].join("\n");
  const around = `  ${head}${[...args, "{"].join(", ")}`;
  if (!args.includes("{}") && around.length <= WIDTH) {
    return `  ${head}${[...args, opened("  ")].join(", ")});`;
  }
  const last = 4 + flat.length + 1 <= WIDTH ? flat : opened("    ");
  return [`  ${head}`, ...[...args, last].map((arg) => `    ${arg},`), "  );"].join("\n");
}

function answerLine(before: string, operation: OperationSpec, json: string): string {
  return inBrackets("  ", `${before}answer(`, [quote(filledPath(operation)), json], ");");
}

/** What the provider answers, and what it is sent. An empty list alone has no type that the compiler could find. */
function givenLines(operation: OperationSpec): string[] {
  const { sample } = operation;
  const type = Array.isArray(sample) && sample.length === 0 ? ": JsonBodyType" : "";
  return [`  const sample${type} = ${emitLiteral(sample, "  ")};`, ...bodyLines(operation)];
}

function block(title: string, lines: readonly string[]): string {
  return [`test(${quote(title)}, async () => {`, ...lines, "});"].join("\n");
}

function sampleTest(spec: ModuleSpec, operation: OperationSpec): string {
  const expected = ASSERTIONS[spec.testRunner];
  return block(`${operation.name} gives what its schema describes`, [
    ...givenLines(operation),
    answerLine("const requests = ", operation, "sample"),
    callLine("const data = await ", spec, operation),
    expected.alike("data", "sample"),
    expected.same("requests[0]?.method", quote(operation.method)),
    ...sentLines(spec, operation),
  ]);
}

/** That what is required went out, as the provider reads it. */
function sentLines(spec: ModuleSpec, operation: OperationSpec): string[] {
  const { parameters = [], body } = operation;
  const expected = ASSERTIONS[spec.testRunner];
  const query = parameters.filter(({ in: place, required }) => place === "query" && required);
  const headers = parameters.filter(({ in: place, required }) => place === "header" && required);
  return [
    ...(query.length === 0 ? [] : ['  const { searchParams } = new URL(requests[0]?.url ?? "");']),
    ...query.map(({ name, example, separator }) => {
      const values = [example].flat().map(String);
      const sent = separator === undefined ? values[0] : values.join(separator);
      return expected.same(`searchParams.get(${quote(name)})`, quote(sent ?? ""));
    }),
    ...headers.map(({ name, example }) =>
      expected.same(`requests[0]?.headers.get(${quote(name.toLowerCase())})`, quote(String(example))),
    ),
    ...(hasBody(operation) && body?.kind === "json"
      ? [expected.alike("await requests[0]?.json()", "body")]
      : []),
  ];
}

/** What a made-up credential looks like in a request. */
function credentialLines(spec: ModuleSpec): string[] {
  const { auth } = spec;
  const expected = ASSERTIONS[spec.testRunner];
  const header = (name: string, value: string) => expected.same(`headers.get(${quote(name)})`, quote(value));
  switch (auth.scheme) {
    case "bearer":
      return [header("authorization", "Bearer offline")];
    case "header":
      return [header(auth.header.toLowerCase(), `${auth.prefix ?? ""}offline`)];
    case "headers":
      return Object.keys(auth.headers).map((name) => header(name.toLowerCase(), "offline"));
    case "basic": {
      const user = auth.usernameSecret ? "offline" : (auth.username ?? "");
      const pair = `${user}:${auth.passwordSecret ? "offline" : ""}`;
      return [header("authorization", `Basic ${Buffer.from(pair).toString("base64")}`)];
    }
    case "query":
      return [expected.same(`searchParams.get(${quote(auth.parameter)})`, quote("offline"))];
    case "oauth2-client-credentials":
    case "oauth2-refresh":
      return [header("authorization", "Bearer offline")];
    case "aws-sigv4":
      return [
        expected.same(
          'headers.get("authorization")?.split("/")[0]',
          quote("AWS4-HMAC-SHA256 Credential=offline"),
        ),
      ];
    case "hmac":
      return [expected.same(`headers.has(${quote(auth.header.toLowerCase())})`, "true")];
    case "http-signature":
      return [expected.same('headers.has("signature")', "true")];
    case "none":
      return [];
  }
}

function credentialTest(spec: ModuleSpec, operation: OperationSpec): string[] {
  const expected = ASSERTIONS[spec.testRunner];
  const credential = credentialLines(spec);
  const headers = Object.entries(spec.headers).map(([name, value]) =>
    expected.same(`headers.get(${quote(name.toLowerCase())})`, quote(value)),
  );
  const lines = [...credential, ...headers];
  if (lines.length === 0) return [];
  const source = "requests[0] ?? new Request(baseUrl)";
  const what = [
    ...(credential.length > 0 ? ["our credential"] : []),
    ...(headers.length > 0 ? ["the version's headers"] : []),
  ];
  return [
    block(`a request carries ${what.join(" and ")}`, [
      ...givenLines(operation),
      answerLine("const requests = ", operation, "sample"),
      callLine("await ", spec, operation),
      ...(lines.some((line) => line.includes("headers")) ? [`  const { headers } = ${source};`] : []),
      ...(spec.auth.scheme === "query"
        ? ['  const { searchParams } = new URL(requests[0]?.url ?? "");']
        : []),
      ...lines,
    ]),
  ];
}

function limitTest(spec: ModuleSpec, operation: OperationSpec): string {
  const expected = ASSERTIONS[spec.testRunner];
  return block("a rate limit is waited out and the call made again", [
    ...givenLines(operation),
    answerLine("", operation, "sample"),
    "  const limited = {",
    "    status: 429,",
    '    headers: { "Retry-After": "1" },',
    "    once: true,",
    "  };",
    inBrackets("  ", "const refusals = answer(", [quote(filledPath(operation)), "sample", "limited"], ");"),
    callLine("const data = await ", spec, operation),
    expected.alike("data", "sample"),
    expected.hasLength("refusals", 1),
  ]);
}

function driftTest(spec: ModuleSpec, operation: OperationSpec): string {
  return block("a response that lost what our code needs is an error", [
    ...bodyLines(operation),
    answerLine("", operation, '"something else"'),
    callLine("const call = ", spec, operation),
    ASSERTIONS[spec.testRunner].rejects("call", "ValidationError"),
  ]);
}

/** A kept answer is given again, and in the place of one that does not come. */
function cacheTest(spec: ModuleSpec, operation: OperationSpec): string {
  const expected = ASSERTIONS[spec.testRunner];
  const path = quote(filledPath(operation));
  return block("an answer is kept, and stands in while none comes", [
    ...givenLines(operation),
    answerLine("const requests = ", operation, "sample"),
    callLine("await ", spec, operation),
    callLine("await ", spec, operation),
    expected.hasLength("requests", 1),
    inBrackets("  ", "answer(", [path, '"down"', "{ status: 503 }"], ");"),
    "  const cache = { freshMs: 0 };",
    callLine("const data = await ", spec, operation, ["cache"]),
    expected.alike("data", "sample"),
  ]);
}

/** HEAD has no body to look at; other characters of a path MSW reads as a pattern, or URLs write in another way. */
export const isTestable = ({ method, path }: OperationSpec) =>
  method !== "HEAD" && /^[\w\-./{}~:@]*$/.test(path);

/** The operation that shows a schema refusing what our code cannot use. */
function driftOperation({ operations }: ModuleSpec): OperationSpec | undefined {
  return operations.filter(isTestable).find(({ acceptsText }) => !acceptsText);
}

/** What the tests import of the runtime. */
export function emitTestImports(spec: ModuleSpec): string {
  return driftOperation(spec) ? 'import { ValidationError } from "integ/runtime";' : "";
}

/** The offline tests of a version: every operation's sample, then what holds for all, shown on the first read. */
export function emitTests(spec: ModuleSpec): string {
  const operations = spec.operations.filter(isTestable);
  const first = operations.find(({ method }) => method === "GET") ?? operations[0];
  const drift = driftOperation(spec);
  const common = first
    ? [
        ...credentialTest(spec, first),
        ...(first.method === "GET" ? [limitTest(spec, first)] : []),
        ...(first.method === "GET" && spec.cache ? [cacheTest(spec, first)] : []),
        ...(drift ? [driftTest(spec, drift)] : []),
      ]
    : [];
  const each = operations.flatMap((operation) => [
    sampleTest(spec, operation),
    ...pagesTest(spec, operation),
  ]);
  return [...each, ...common].join("\n\n");
}
