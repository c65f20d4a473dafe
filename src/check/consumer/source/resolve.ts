import type { CallExpression, Expression, Function as FunctionNode, MemberExpression } from "oxc-parser";
import { type Definition, definitionsOf, type Foreign, type ModuleSource } from "./module.ts";

/** Finds the module that `from` names, seen from `importer`; `undefined` for packages and files that are not there. */
export type FindModule = (from: string, importer: string) => ModuleSource | undefined;

/** Where names are looked up: parameters and constants of a function, then the module. */
interface Scope {
  module: ModuleSource;
  local: ReadonlyMap<string, Value>;
}

/** An expression together with the names it may use. */
export interface Value {
  node: Definition;
  scope: Scope;
}

/** A zod schema, as far as its source text says how it is put together. */
export type Form =
  | { kind: "object"; node: Extract<Expression, { type: "ObjectExpression" }>; scope: Scope }
  | { kind: "items"; of: Value }
  | { kind: "members"; of: Value }
  | { kind: "any-of"; of: Value[] }
  | { kind: "values"; node: Extract<Expression, { type: "ArrayExpression" }>; scope: Scope }
  | { kind: "leaf" };

const LEAF: Form = { kind: "leaf" };
/** Deeper than any schema a person writes; ends cycles. */
const DEEPEST = 100;

const isZod = (from: string) => /^(?:zod|@zod\/mini)(?:\/|$)/.test(from);

/** `{}` of a module. */
export const topLevel = (module: ModuleSource): Scope => ({ module, local: new Map() });

function exported(module: ModuleSource, name: string, find: FindModule, depth: number): Value | undefined {
  const entry = module.exports.get(name);
  if (typeof entry === "string") return lookUp(entry, topLevel(module), find, depth + 1);
  if (entry) return foreign(entry, module, find, depth + 1);
  for (const star of depth < DEEPEST ? module.stars : []) {
    const other = find(star, module.file);
    const value = other && exported(other, name, find, depth + 1);
    if (value) return value;
  }
  return undefined;
}

function foreign({ from, imported }: Foreign, module: ModuleSource, find: FindModule, depth: number) {
  if (depth > DEEPEST || imported === "*") return undefined;
  const other = find(from, module.file);
  return other && exported(other, imported, find, depth + 1);
}

function lookUp(name: string, scope: Scope, find: FindModule, depth: number): Value | undefined {
  if (depth > DEEPEST) return undefined;
  const local = scope.local.get(name);
  if (local) return local;
  const defined = scope.module.definitions.get(name);
  if (defined) return { node: defined.node, scope: topLevel(scope.module) };
  const entry = scope.module.imports.get(name);
  return entry && foreign(entry, scope.module, find, depth + 1);
}

/** The value an export of a module stands for. */
export function exportOf(module: ModuleSource, name: string, find: FindModule): Value | undefined {
  return exported(module, name, find, 0);
}

type FunctionLike = FunctionNode | Extract<Expression, { type: "ArrowFunctionExpression" }>;

const isFunction = (node: Definition): node is FunctionLike =>
  node.type === "ArrowFunctionExpression" ||
  node.type === "FunctionExpression" ||
  node.type === "FunctionDeclaration";

/** What a function returns when it is called with `args`: its expression, or the last `return` of its body. */
function returned(node: FunctionLike, scope: Scope, args: readonly Value[]): Value | undefined {
  const local = new Map(scope.local);
  const inner: Scope = { module: scope.module, local };
  node.params.forEach((parameter, index) => {
    const argument = args[index];
    if (parameter.type === "Identifier" && argument) local.set(parameter.name, argument);
  });
  if (!node.body) return undefined;
  if (node.body.type !== "BlockStatement") return { node: node.body, scope: inner };
  const statements = node.body.body;
  for (const [name, { node: defined }] of definitionsOf(statements)) {
    local.set(name, { node: defined, scope: inner });
  }
  const last = statements.findLast((statement) => statement.type === "ReturnStatement");
  return last?.type === "ReturnStatement" && last.argument
    ? { node: last.argument, scope: inner }
    : undefined;
}

/** Functions of zod that wrap their first argument without changing where its properties are written. */
const WRAPPERS = new Set(
  "optional nullable nullish readonly promise lazy catch default prefault nonoptional exactOptional object strictObject looseObject interface pick omit partial required clone".split(
    " ",
  ),
);
const ALTERNATIVES = new Set(["union", "discriminatedUnion", "xor", "tuple"]);

function elements(value: Value | undefined): Value[] {
  if (value?.node.type !== "ArrayExpression") return [];
  const { scope } = value;
  return value.node.elements.flatMap((node) =>
    node === null || node.type === "SpreadElement" ? [] : [{ node, scope }],
  );
}

const one = (value: Value | undefined): Form => (value ? { kind: "any-of", of: [value] } : LEAF);
const several = (values: readonly (Value | undefined)[]): Form => ({
  kind: "any-of",
  of: values.filter((value) => value !== undefined),
});

/** `z.something(…)`. */
function zodCall(name: string, args: readonly Value[]): Form {
  const [first, second] = args;
  if (WRAPPERS.has(name) || name === "_default") return one(first);
  if (name === "array" || name === "set") return first ? { kind: "items", of: first } : LEAF;
  if (name === "record" || name === "partialRecord" || name === "looseRecord" || name === "map") {
    const of = second ?? first;
    return of ? { kind: "members", of } : LEAF;
  }
  if (name === "enum" && first?.node.type === "ArrayExpression") {
    return { kind: "values", node: first.node, scope: first.scope };
  }
  if (name === "preprocess") return one(second);
  if (["intersection", "pipe", "codec"].includes(name)) return several([first, second]);
  if (["extend", "safeExtend", "merge"].includes(name)) return several([second, first]);
  if (ALTERNATIVES.has(name)) return several([...elements(first), ...elements(second)]);
  return LEAF;
}

/** `schema.something(…)`: all but these leave the properties where the receiver has them. */
function methodCall(name: string, receiver: Value, args: readonly Value[]): Form {
  if (name === "array") return { kind: "items", of: receiver };
  if (["extend", "safeExtend", "augment", "merge", "and"].includes(name)) return several([args[0], receiver]);
  if (name === "or" || name === "pipe") return several([receiver, args[0]]);
  return one(receiver);
}

/** The name by which zod knows what is called: `object` for `z.object`, `object` imported by name. */
function zodName(callee: Expression, scope: Scope): string | undefined {
  const imported = (name: string) => (scope.local.has(name) ? undefined : scope.module.imports.get(name));
  if (callee.type === "Identifier") {
    const entry = imported(callee.name);
    return entry && isZod(entry.from) ? entry.imported : undefined;
  }
  if (callee.type !== "MemberExpression" || callee.computed || callee.object.type !== "Identifier") {
    return undefined;
  }
  const entry = imported(callee.object.name);
  const whole = entry && isZod(entry.from) && ["*", "default", "z"].includes(entry.imported);
  return whole ? callee.property.name : undefined;
}

function callForm(node: CallExpression, scope: Scope, find: FindModule, depth: number): Form {
  const args = node.arguments.flatMap((argument) =>
    argument.type === "SpreadElement" ? [] : [{ node: argument, scope }],
  );
  const zod = zodName(node.callee, scope);
  if (zod !== undefined) return zodCall(zod, args);
  if (node.callee.type === "Identifier") {
    const called = lookUp(node.callee.name, scope, find, depth);
    return called && isFunction(called.node) ? one(returned(called.node, called.scope, args)) : LEAF;
  }
  if (node.callee.type === "MemberExpression" && !node.callee.computed) {
    return methodCall(node.callee.property.name, { node: node.callee.object, scope }, args);
  }
  return LEAF;
}

/** `X.shape`, `X.shape.name`, `X.element`, `parts.money`, `Module.Name`. */
function memberForm(node: MemberExpression, scope: Scope, find: FindModule, depth: number): Form {
  if (node.computed) return LEAF;
  const { name } = node.property;
  const object: Value = { node: node.object, scope };
  if (node.object.type === "Identifier" && !scope.local.has(node.object.name)) {
    const entry = scope.module.imports.get(node.object.name);
    const other = entry?.imported === "*" ? find(entry.from, scope.module.file) : undefined;
    if (other) return one(exported(other, name, find, depth + 1));
  }
  if (name === "shape" || name === "def" || name === "innerType") return one(object);
  if (name === "element") return one(itemOf(object, find, depth + 1));
  return one(propertyOf(object, name, find, depth + 1)?.value);
}

/** How a value is put together: names, wrappers, calls and casts followed. */
export function formOf(value: Value, find: FindModule, depth = 0): Form {
  const { node, scope } = value;
  if (depth > DEEPEST) return LEAF;
  switch (node.type) {
    case "ParenthesizedExpression":
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "ChainExpression":
      return one({ node: node.expression, scope });
    case "Identifier":
      return one(lookUp(node.name, scope, find, depth));
    case "ObjectExpression":
      return { kind: "object", node, scope };
    case "CallExpression":
      return callForm(node, scope, find, depth);
    case "MemberExpression":
      return memberForm(node, scope, find, depth);
    default:
      return isFunction(node) ? one(returned(node, scope, [])) : LEAF;
  }
}

/** A property found in the source: where its name is written, and what it stands for. */
export interface PropertySource {
  module: ModuleSource;
  start: number;
  end: number;
  /** The whole entry, name and value. */
  entry: { start: number; end: number };
  value: Value;
}

/** The definition of a property in a schema; the one that wins where several are merged. */
export function propertyOf(
  value: Value,
  name: string,
  find: FindModule,
  depth = 0,
): PropertySource | undefined {
  if (depth > DEEPEST) return undefined;
  const form = formOf(value, find, depth);
  if (form.kind === "any-of") return firstOf(form.of, (inner) => propertyOf(inner, name, find, depth + 1));
  if (form.kind !== "object") return undefined;
  return firstOf(form.node.properties.toReversed(), (property) => {
    const { scope } = form;
    if (property.type === "SpreadElement") {
      return propertyOf({ node: property.argument, scope }, name, find, depth + 1);
    }
    const { key } = property;
    const found =
      !property.computed && key.type === "Identifier"
        ? key.name === name
        : key.type === "Literal" && String(key.value) === name;
    if (!found) return undefined;
    return {
      module: scope.module,
      start: key.start,
      end: key.end,
      entry: { start: property.start, end: property.end },
      value: { node: property.value, scope },
    };
  });
}

export function itemOf(value: Value, find: FindModule, depth = 0): Value | undefined {
  return within(value, "items", find, depth);
}

/** The schema of a dictionary's members. */
export function memberOf(value: Value, find: FindModule): Value | undefined {
  return within(value, "members", find, 0);
}

/** The list of an enum's values, where it is written out. */
export function valuesOf(
  value: Value,
  find: FindModule,
  depth = 0,
): Extract<Form, { kind: "values" }> | undefined {
  if (depth > DEEPEST) return undefined;
  const form = formOf(value, find, depth);
  if (form.kind === "any-of") return firstOf(form.of, (inner) => valuesOf(inner, find, depth + 1));
  return form.kind === "values" ? form : undefined;
}

function within(value: Value, kind: "items" | "members", find: FindModule, depth: number): Value | undefined {
  if (depth > DEEPEST) return undefined;
  const form = formOf(value, find, depth);
  if (form.kind === "any-of") return firstOf(form.of, (inner) => within(inner, kind, find, depth + 1));
  return form.kind === kind ? form.of : undefined;
}

function firstOf<T, R>(values: readonly T[], pick: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const picked = pick(value);
    if (picked !== undefined) return picked;
  }
  return undefined;
}
