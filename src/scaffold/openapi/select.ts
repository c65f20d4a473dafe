import { UsageError } from "../../base/errors.ts";
import { suggest } from "../../base/suggest.ts";
import type { ApiOperation } from "./operations.ts";

const describe = ({ method, path }: ApiOperation) => `${method} ${path}`;

function findOne(text: string, operations: readonly ApiOperation[]): ApiOperation {
  const wanted = text.trim().replace(/\s+/g, " ");
  const found = operations.find(
    (operation) => operation.id === wanted || describe(operation).toLowerCase() === wanted.toLowerCase(),
  );
  if (found) return found;
  const known = [...operations.map(({ id }) => id), ...operations.map(describe)];
  const match =
    suggest(wanted, known) ?? known.find((one) => one.toLowerCase().includes(wanted.toLowerCase()));
  const hint =
    match === undefined
      ? "name it by its operationId, or as in 'GET /things/{id}'"
      : `did you mean \`${match}\`?`;
  throw new UsageError(`The document has no operation '${wanted}'`, { code: "scaffold/operation", hint });
}

/**
 * The operations that were asked for, by operationId or as `GET /v1/customers`; several may stand in one text, separated
 * by commas.
 * @throws UsageError with the closest one as its hint
 */
export function selectOperations(
  texts: readonly string[],
  operations: readonly ApiOperation[],
): ApiOperation[] {
  // A path may hold a comma: only one in front of a word or a method separates.
  const wanted = texts
    .flatMap((text) => text.split(/,(?=\s*(?:[A-Z]+ \/|[^/\s,]+\s*(?:,|$)))/))
    .filter((text) => text.trim() !== "");
  return [...new Set(wanted.map((text) => findOne(text, operations)))];
}
