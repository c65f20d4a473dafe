import { brief, isObject, type JsonObject } from "./json.ts";
import type { Place } from "./place.ts";
import type { Problems } from "./problems.ts";

/** Members of a schema, each held against what its keyword must be: what is wrong is a problem and counts as absent. */
export class Checked {
  readonly schema: JsonObject;
  readonly place: Place;
  readonly #problems: Problems;

  constructor(schema: JsonObject, place: Place, problems: Problems) {
    this.schema = schema;
    this.place = place;
    this.#problems = problems;
  }

  wrong(keyword: string, expected: string): undefined {
    const written = brief(this.schema[keyword]);
    this.problem(
      "document/wrong-keyword-type",
      `\`${keyword}\` must be ${expected}, not ${written}`,
      keyword,
    );
    return undefined;
  }

  problem(code: string, message: string, keyword?: string): void {
    this.#problems.add(code, message, keyword === undefined ? this.place : this.place.at(keyword));
  }

  number(keyword: string): number | undefined {
    const value = this.schema[keyword];
    if (typeof value === "number" && !Number.isNaN(value)) return value;
    if (value === undefined || value === null) return undefined;
    // `maximum: "100"` can only mean one thing.
    const meant = typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
    this.wrong(keyword, "a number");
    return Number.isNaN(meant) ? undefined : meant;
  }

  /** A count: not negative, whole. */
  size(keyword: string): number | undefined {
    const value = this.number(keyword);
    if (value === undefined) return undefined;
    return value >= 0 && Number.isInteger(value) ? value : this.wrong(keyword, "a count of 0 or more");
  }

  flag(keyword: string): boolean {
    const value = this.schema[keyword];
    if (value === undefined || typeof value === "boolean") return value === true;
    this.wrong(keyword, "true or false");
    return value === "true";
  }

  text(keyword: string): string | undefined {
    const value = this.schema[keyword];
    if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
    return this.wrong(keyword, "text");
  }

  object(keyword: string): JsonObject | undefined {
    const value = this.schema[keyword];
    if (value === undefined || value === null) return undefined;
    return isObject(value) ? value : this.wrong(keyword, "an object");
  }

  list(keyword: string): readonly unknown[] | undefined {
    const value = this.schema[keyword];
    if (value === undefined || value === null) return undefined;
    return Array.isArray(value) ? value : this.wrong(keyword, "a list");
  }

  /** The texts of a list; what is no text is left out. */
  texts(keyword: string): string[] {
    const list = this.list(keyword) ?? [];
    const texts = list.filter((item) => typeof item === "string");
    if (texts.length < list.length) this.wrong(keyword, "a list of texts");
    return texts;
  }
}
