import { DIALECTS, type Dialect } from "../../../src/contract/document/dialect.ts";
import { Library } from "../../../src/contract/document/library.ts";
import { type DocumentProblem, Problems } from "../../../src/contract/document/problems.ts";
import { SchemaReader } from "../../../src/contract/document/read-schema.ts";
import type { Shape } from "../../../src/contract/shape.ts";

/** Reads one schema document, as it would be read from a file. */
export function readSchema(
  schema: unknown,
  dialect: Dialect = DIALECTS["2020-12"],
): { shape: Shape; problems: DocumentProblem[] } {
  const problems = new Problems();
  const library = new Library(dialect, { uri: "file:///schema.json", file: "schema.json", root: schema });
  const { value, place } = library.entry;
  const shape = new SchemaReader(library, problems).read(value, place);
  return { shape, problems: problems.all };
}
