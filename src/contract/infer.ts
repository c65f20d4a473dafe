import { collect } from "./infer/collect.ts";
import { addTally } from "./infer/combine.ts";
import { finish } from "./infer/finish.ts";
import { createTally, type Tally } from "./infer/tally.ts";
import { TextCollector } from "./infer/text/collect-text.ts";
import type { Shape } from "./shape.ts";

/**
 * Learns a shape from samples, one pass, bounded memory. `add` each response's parsed body; `merge` what was learned elsewhere;
 * `shape()` whenever it is wanted. Order and grouping of the samples do not matter.
 */
export class Collector {
  readonly #tally: Tally = createTally();
  readonly #text = new TextCollector();
  #samples = 0;

  /** Samples added so far, merged ones included. */
  get samples(): number {
    return this.#samples;
  }

  /** Adds one parsed JSON value: one response. */
  add(value: unknown): this {
    collect(this.#tally, value, this.#samples++);
    return this;
  }

  /**
   * Adds one JSON text: one response. The same as adding its value, and far cheaper.
   * @throws SyntaxError as `JSON.parse` does; the collector is as it was then
   */
  addText(text: string): this {
    this.#text.add(this.#tally, text, this.#samples);
    this.#samples++;
    return this;
  }

  /** Adds everything that another collector has seen. The other one is not changed. */
  merge(other: Collector): this {
    addTally(this.#tally, other.#tally);
    this.#samples += other.#samples;
    return this;
  }

  /**
   * The shape of everything added, with evidence.
   * @param like a contract of the same values: its tags and maps are kept, so that the two can be merged
   */
  shape(like?: Shape): Shape {
    return finish(this.#tally, "", like);
  }
}

/** The shape of samples, each a parsed JSON value. */
export async function infer(samples: Iterable<unknown> | AsyncIterable<unknown>): Promise<Shape> {
  const collector = new Collector();
  for await (const sample of samples) collector.add(sample);
  return collector.shape();
}
