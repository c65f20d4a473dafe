import { type Bound, type NumberFacet, numberFacet, type StringFacet, stringFacet } from "../shape.ts";
import type { Checked } from "./checked.ts";
import { regex } from "./intersect-scalars.ts";

const NUMBER_FORMATS = new Set([
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "float",
  "double",
]);
const MORE_NUMBER_FORMATS = new Set([
  "decimal",
  "unix-time",
  "timestamp",
  "epoch-seconds",
  "epoch-milliseconds",
  "long",
  "integer",
]);

/** One end of the range: `minimum` with the boolean `exclusiveMinimum` of draft 4 or the number of later drafts. */
function boundOf(
  checked: Checked,
  keyword: "minimum" | "maximum",
  exclusive: "exclusiveMinimum" | "exclusiveMaximum",
) {
  const value = checked.number(keyword);
  const inclusive: Bound | undefined =
    value === undefined ? undefined : { value, exclusive: checked.schema[exclusive] === true };
  if (typeof checked.schema[exclusive] === "boolean") return inclusive;
  const apart = checked.number(exclusive);
  if (apart === undefined) return inclusive;
  const sign = keyword === "minimum" ? 1 : -1;
  return inclusive && inclusive.value * sign > apart * sign ? inclusive : { value: apart, exclusive: true };
}

/** The numbers that a schema's own keywords allow, its `enum` aside. */
export function ownNumbers(checked: Checked, integer: boolean, only: boolean): NumberFacet {
  const multipleOf = checked.number("multipleOf");
  const format = checked.text("format");
  return numberFacet({
    integer,
    min: boundOf(checked, "minimum", "exclusiveMinimum"),
    max: boundOf(checked, "maximum", "exclusiveMaximum"),
    multipleOf: multipleOf !== undefined && multipleOf > 0 ? multipleOf : undefined,
    format: only || isNumberFormat(format) ? format : undefined,
  });
}

const isNumberFormat = (format: string | undefined): boolean =>
  format !== undefined && (NUMBER_FORMATS.has(format) || MORE_NUMBER_FORMATS.has(format));

/** The strings that a schema's own keywords allow, its `enum` aside. */
export function ownStrings(checked: Checked, only: boolean): StringFacet {
  // A file of Swagger 2.0 is what later versions call a binary string.
  const format = checked.text("format") ?? (checked.schema["type"] === "file" ? "binary" : undefined);
  const pattern = checked.text("pattern");
  if (pattern !== undefined && regex(pattern) === undefined) {
    checked.problem(
      "document/unknown-pattern",
      "`pattern` is no ECMAScript regular expression: compared by text",
      "pattern",
    );
  }
  const extensible = checked.schema["x-extensible-enum"];
  const known = Array.isArray(extensible) ? extensible.filter((value) => typeof value === "string") : [];
  return stringFacet({
    enum: known.length > 0 ? new Set(known) : undefined,
    extensible: known.length > 0,
    format: only || (format !== undefined && !NUMBER_FORMATS.has(format)) ? format : undefined,
    patterns: pattern === undefined || pattern === "" ? [] : [pattern],
    minLength: checked.size("minLength") ?? 0,
    maxLength: checked.size("maxLength"),
    mediaType: checked.text("contentMediaType"),
    encoding: checked.text("contentEncoding"),
  });
}
