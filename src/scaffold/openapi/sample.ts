import { accepts } from "../../contract/accepts.ts";
import {
  isAny,
  isMap,
  type Json,
  type ObjectFacet,
  type Shape,
  type StringFacet,
} from "../../contract/shape.ts";
import { isInherited } from "./names.ts";

/** A value that the shape accepts, as small as it can be: required properties only, empty lists, the first of an enum. */
export function sampleOf(shape: Shape, within: ReadonlySet<Shape> = new Set()): Json {
  if (isAny(shape)) return {};
  // In a ring of required properties there is no finite value; null says so where nothing else can.
  if (within.has(shape)) return shape.arrays.length > 0 ? [] : null;
  const inner = new Set([...within, shape]);
  const [object] = shape.objects;
  const [text] = shape.strings;
  const [number] = shape.numbers;
  if (object) return sampleObject(object, inner);
  const [list] = shape.arrays;
  if (list) return Array.from({ length: Math.min(list.minItems, 3) }, () => sampleOf(list.items, inner));
  if (text) return text.enum?.values().next().value ?? sampleText(text);
  if (number) return number.enum?.values().next().value ?? Math.max(1, Math.ceil(number.min?.value ?? 1));
  if (shape.boolean !== 0) return shape.boolean !== 2;
  return null;
}

/** A text of each format that providers name. */
const BY_FORMAT: Readonly<Record<string, string>> = {
  date: "2026-01-01",
  "date-time": "2026-01-01T00:00:00Z",
  time: "00:00:00Z",
  email: "ada@example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/",
  url: "https://example.com/",
  uuid: "00000000-0000-4000-8000-000000000000",
};

function sampleText({ format = "", minLength }: StringFacet): string {
  return (BY_FORMAT[format] ?? "text").padEnd(Math.min(minLength, 100), "-");
}

function sampleObject(object: ObjectFacet, within: ReadonlySet<Shape>): Json {
  if (isMap(object)) return {};
  const required = [...object.properties].filter(([key, property]) => property.required && !isInherited(key));
  return Object.fromEntries(required.map(([key, { shape }]) => [key, sampleOf(shape, within)]));
}

/** Characters; a longer one is no example that anybody reads in a test. */
const LONGEST = 1500;
/** Made-up keys look like real ones to whoever scans the repository. */
const LIKE_A_KEY = /\b(?:sk|rk|pk|xox[a-z]|gh[a-z]|glpat|AKIA|eyJ)[\w-]{8,}|-----BEGIN/;

function isPlain(value: unknown): value is Json {
  if (Array.isArray(value)) return value.every(isPlain);
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, item]) => !isInherited(key) && isPlain(item));
}

/** The document's own example, where the shape accepts it and it is fit for a test; else the smallest value. */
export function exampleOr(shape: Shape, example: unknown): Json {
  const text = example === undefined || isAny(shape) ? undefined : JSON.stringify(example);
  const fit = text !== undefined && text.length <= LONGEST && !LIKE_A_KEY.test(text);
  return fit && isPlain(example) && accepts(shape, example) ? example : sampleOf(shape);
}
