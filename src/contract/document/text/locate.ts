import type { Source } from "../../shape.ts";
import { pointerKeys } from "../place.ts";
import { locateInJson } from "./json-places.ts";
import type { Format } from "./parse.ts";
import { Lines, type Position } from "./text.ts";
import { locateInYaml } from "./yaml-text.ts";

interface Known {
  text: string;
  format: Format;
}

/** Finds lines and columns of places, all of one file in one pass: nothing of it costs anything until somebody asks. */
export class Locator {
  readonly #files = new Map<string, Known>();

  add({
    document: { file },
    text,
    format,
  }: {
    document: { file: string };
    text: string;
    format: Format;
  }): void {
    this.#files.set(file, { text, format });
  }

  /** The position of each place, in their order; `undefined` in files that have no text. */
  locate(sources: readonly Source[]): (Position | undefined)[] {
    const positions: (Position | undefined)[] = sources.map(({ line, column }) =>
      line === undefined ? undefined : { line, column: column ?? 1 },
    );
    for (const [file, known] of this.#files) {
      const wanted = [...sources.entries()].filter(
        ([index, source]) => source.file === file && !positions[index],
      );
      const found =
        wanted.length > 0 && known.text !== ""
          ? positionsIn(
              known,
              wanted.map(([, source]) => source),
            )
          : [];
      for (const [at, [index]] of wanted.entries()) positions[index] = found[at];
    }
    return positions;
  }
}

function positionsIn({ text, format }: Known, sources: readonly Source[]): Position[] {
  if (format === "ndjson")
    return sources.map(({ pointer }) => ({ line: Number(pointerKeys(pointer)[0] ?? 0) + 1, column: 1 }));
  const paths = sources.map(({ pointer }) => keysOf(pointer));
  const offsets = format === "json" ? locateInJson(text, paths) : locateInYaml(text, paths);
  const lines = new Lines(text);
  return offsets.map((offset) => lines.at(offset));
}

/** The steps of a plain JSON pointer, not one in a URI fragment: `%` stands for itself. */
function keysOf(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
