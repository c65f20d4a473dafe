import type { Source } from "../shape.ts";

/** Something wrong with a document that did not keep it from being read. Line and column are looked up when it is shown. */
export interface DocumentProblem {
  /** Stable id: `document/unresolved-reference`. */
  code: string;
  message: string;
  source: Source;
  /** The reference that leads nowhere, where that is what is wrong. */
  reference?: string;
}

/** Real documents repeat one mistake a thousand times. */
const MAX_PROBLEMS = 1000;

/** Collects problems, each once. */
export class Problems {
  readonly #found = new Map<string, DocumentProblem>();

  add(code: string, message: string, source: Source): void {
    this.#add({ code, message, source });
  }

  addUnresolved(reference: string, source: Source): void {
    const message = `Nothing stands at \`${reference}\``;
    this.#add({ code: "document/unresolved-reference", message, source, reference });
  }

  #add(problem: DocumentProblem): void {
    if (this.#found.size >= MAX_PROBLEMS) return;
    const { code, message, source } = problem;
    const key = `${code} ${message} ${source.file}#${source.pointer}`;
    if (!this.#found.has(key)) this.#found.set(key, problem);
  }

  get all(): DocumentProblem[] {
    return [...this.#found.values()];
  }
}
