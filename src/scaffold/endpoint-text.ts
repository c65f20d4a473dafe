import { UsageError } from "../base/errors.ts";
import { pascalCase } from "./names.ts";
import type { OperationSpec } from "./spec.ts";

const ENDPOINT = /^([a-z][a-z0-9]*(?:-[a-z0-9]+)*)=(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE) +(\/\S*)$/;
const PLACEHOLDER = /\{([A-Za-z_][A-Za-z0-9_-]*)(?:=([^{}/]+))?\}/g;

function wrong(text: string, why: string): UsageError {
  return new UsageError(`--endpoint '${text}': ${why}`, {
    code: "scaffold/endpoint",
    hint: 'for example --endpoint "get-thing=GET /things/{id=1}?fields=all"',
  });
}

function splitQuery(text: string): [string, Record<string, string | number>] {
  const [path = "", query = ""] = text.split(/\?(.*)/s);
  const values = [...new URLSearchParams(query)].map(([key, value]): [string, string | number] => [
    key,
    /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value,
  ]);
  return [path, Object.fromEntries(values)];
}

/**
 * Reads `NAME=METHOD PATH`, as in `get-thing=GET /things/{id=1}?fields=all`. A value after `=` in a placeholder is what
 * integ itself asks with; the client's method takes it as its argument.
 * @throws UsageError
 */
export function parseEndpoint(text: string): OperationSpec {
  const [, name = "", method = "", target = ""] = ENDPOINT.exec(text.trim()) ?? [];
  if (name === "") throw wrong(text, "expected NAME=METHOD /path, the name in lower case with hyphens");
  const examples: Record<string, string> = {};
  const [rawPath, query] = splitQuery(target);
  const path = rawPath.replace(PLACEHOLDER, (_, key: string, value: string | undefined) => {
    if (value === undefined) throw wrong(text, `{${key}} needs a value to ask with, such as {${key}=1}`);
    examples[key] = value;
    return `{${key}}`;
  });
  if (/[{}]/.test(path.replace(/\{[A-Za-z_][A-Za-z0-9_-]*\}/g, ""))) {
    throw wrong(text, "a brace that is not a placeholder such as {id=1}");
  }
  return { name, method, path, examples, query, consumer: pascalCase(name), sample: {} };
}

/** @throws UsageError where two endpoints have one name */
export function parseEndpoints(texts: readonly string[]): OperationSpec[] {
  const operations = texts.map(parseEndpoint);
  const names = operations.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw wrong(twice, "two endpoints have this name");
  return operations;
}
