import type { Source } from "../../shape.ts";
import type { Places, Position } from "./text.ts";

/** Finds lines and columns of places, all of one file in one pass: nothing of it costs anything until somebody asks. */
export class Locator {
  readonly #files = new Map<string, Places>();

  add(file: string, places: Places): void {
    this.#files.set(file, places);
  }

  /** The position of each place, in their order; `undefined` in files that have no text. */
  locate(sources: readonly Source[]): (Position | undefined)[] {
    const positions: (Position | undefined)[] = sources.map(({ line, column }) =>
      line === undefined ? undefined : { line, column: column ?? 1 },
    );
    for (const [file, places] of this.#files) {
      const wanted = [...sources.entries()].filter(
        ([index, source]) => source.file === file && !positions[index],
      );
      if (wanted.length === 0) continue;
      const found = places(wanted.map(([, { pointer }]) => keysOf(pointer)));
      for (const [at, [index]] of wanted.entries()) positions[index] = found[at];
    }
    return positions;
  }
}

/** The steps of a plain JSON pointer, not one in a URI fragment: `%` stands for itself. */
function keysOf(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
