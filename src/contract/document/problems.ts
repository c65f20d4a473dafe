import type { Source } from "../shape.ts";

/** Something wrong with a document that did not keep it from being read. Line and column are looked up when it is shown. */
export interface DocumentProblem {
  /** Stable id: `document/unresolved-reference`. */
  code: string;
  message: string;
  source: Source;
}

/** Real documents repeat one mistake a thousand times. */
const MAX_PROBLEMS = 1000;

/** Collects problems, each once. */
export class Problems {
  readonly #found = new Map<string, DocumentProblem>();

  add(code: string, message: string, source: Source): void {
    if (this.#found.size >= MAX_PROBLEMS) return;
    const key = `${code} ${message} ${source.file}#${source.pointer}`;
    if (!this.#found.has(key)) this.#found.set(key, { code, message, source });
  }

  get all(): DocumentProblem[] {
    return [...this.#found.values()];
  }
}
