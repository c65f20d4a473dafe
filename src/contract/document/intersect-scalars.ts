import { type Bound, type NumberFacet, numberFacet, type StringFacet, stringFacet } from "../shape.ts";

/** Whether a facet of numbers has this value, its `enum` aside. */
export function numberFits(facet: NumberFacet, value: number): boolean {
  if (facet.integer && !Number.isInteger(value)) return false;
  if (facet.min && (facet.min.exclusive ? value <= facet.min.value : value < facet.min.value)) return false;
  if (facet.max && (facet.max.exclusive ? value >= facet.max.value : value > facet.max.value)) return false;
  return facet.multipleOf === undefined || isMultiple(value, facet.multipleOf);
}

/** Whether a number is a multiple; decimal fractions count as what they were written as. */
export function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  return (
    Number.isFinite(quotient) &&
    Math.abs(quotient - Math.round(quotient)) <= 1e-9 * Math.max(1, Math.abs(quotient))
  );
}

/** Whether a facet of strings has this value, its `enum` and `format` aside. */
export function stringFits(facet: StringFacet, value: string): boolean {
  if (facet.minLength > 0 || facet.maxLength !== undefined) {
    const length = codePoints(value);
    if (length < facet.minLength || (facet.maxLength !== undefined && length > facet.maxLength)) return false;
  }
  return facet.patterns.every((pattern) => regex(pattern)?.test(value) ?? true);
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

const regexes = new Map<string, RegExp | undefined>();

/** A pattern as JSON Schema means it; `undefined` for one that ECMAScript does not know (Python's `(?P<…>)`). */
export function regex(pattern: string): RegExp | undefined {
  if (!regexes.has(pattern)) regexes.set(pattern, compile(pattern));
  return regexes.get(pattern);
}

function compile(pattern: string): RegExp | undefined {
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // Many patterns in the wild escape more than Unicode mode allows.
    }
  }
  return undefined;
}

function tighter(a: Bound | undefined, b: Bound | undefined, sign: 1 | -1): Bound | undefined {
  if (!a || !b) return a ?? b;
  if (a.value === b.value) return a.exclusive ? a : b;
  return a.value * sign > b.value * sign ? a : b;
}

function multiple(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  if (isMultiple(a, b)) return a;
  if (isMultiple(b, a)) return b;
  if (!Number.isInteger(a) || !Number.isInteger(b)) return undefined;
  return (a * b) / greatestCommonDivisor(a, b);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The numbers that both facets have; `undefined` where there are none. */
export function meetNumbers(a: NumberFacet, b: NumberFacet): NumberFacet | undefined {
  const min = tighter(a.min, b.min, 1);
  const max = tighter(a.max, b.max, -1);
  if (
    min &&
    max &&
    (min.value > max.value || (min.value === max.value && (min.exclusive || max.exclusive)))
  ) {
    return undefined;
  }
  const values = meetValues(a, b, numberFits);
  if (values?.size === 0) return undefined;
  const multipleOf = multiple(a.multipleOf, b.multipleOf);
  const format = a.format ?? b.format;
  return numberFacet({ integer: a.integer || b.integer, enum: values, min, max, multipleOf, format });
}

/** The values of two facets of which at least one is an enumeration; `undefined` where neither is. */
function meetValues<T, F extends { enum: ReadonlySet<T> | undefined }>(
  a: F,
  b: F,
  fits: (facet: F, value: T) => boolean,
): ReadonlySet<T> | undefined {
  const [few, other] = a.enum ? [a, b] : [b, a];
  if (!few.enum) return undefined;
  return new Set([...few.enum].filter((value) => (other.enum ? other.enum.has(value) : fits(other, value))));
}

/** The strings that both facets have; `undefined` where there are none. */
export function meetStrings(a: StringFacet, b: StringFacet): StringFacet | undefined {
  // Known values that will grow restrict nothing: the other side decides, and they stay as knowledge.
  const open = a.enum && a.extensible && !b.enum ? a : b.enum && b.extensible && !a.enum ? b : undefined;
  const values = open ? open.enum : meetValues(a, b, stringFits);
  if (values?.size === 0) return undefined;
  const lengths = [a.maxLength, b.maxLength].filter((length) => length !== undefined);
  const maxLength = lengths.length === 0 ? undefined : Math.min(...lengths);
  const minLength = Math.max(a.minLength, b.minLength);
  if (maxLength !== undefined && minLength > maxLength) return undefined;
  return stringFacet({
    enum: values,
    extensible: a.enum && b.enum ? a.extensible && b.extensible : a.extensible || b.extensible,
    format: a.format ?? b.format,
    patterns: [...new Set([...a.patterns, ...b.patterns])].sort(),
    minLength,
    maxLength,
    mediaType: a.mediaType ?? b.mediaType,
    encoding: a.encoding ?? b.encoding,
  });
}
