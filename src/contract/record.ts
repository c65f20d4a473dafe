import { Collector } from "./infer.ts";
import { redirectsOf } from "./judge/redirect.ts";
import { mediaTypeOf, type Sample } from "./judge/response.ts";
import { merge } from "./merge.ts";
import { ANY, NEVER, type Shape } from "./shape.ts";
import type { StoredContract } from "./store.ts";

/** Headers that clients wait, page and cache by: a contract remembers which of them every answer had. */
const READ_BY_CLIENTS =
  /^(?:(?:x-)?rate-?limit\b|(?:x-)?ratelimit|x-[a-z-]*rate-?limit|link$|etag$|last-modified$|x-total|x-page|x-per-page|x-next|x-prev|x-pagination|x-request-id$|request-id$)/;

/**
 * Learns a contract from answers to one request, one after the other: none of them is kept. Those of another status than the
 * first one's are left out.
 */
export class Recorder {
  readonly #collector = new Collector();
  readonly #presumed: number;
  #first: { status: number; contentType: string | undefined } | undefined;
  #samples = 0;
  /** Undefined before the first answer whose headers are known. */
  #headers: readonly string[] | undefined;
  /** Answers that were redirected, each way once. */
  readonly #redirected = new Map<string, Sample>();

  /** @param status that of answers whose own is not known */
  constructor({ status = 200 }: { status?: number | undefined } = {}) {
    this.#presumed = status;
  }

  /** Answers added that count. */
  get samples(): number {
    return this.#samples;
  }

  add(sample: Sample): void {
    const { status = this.#presumed, headers, body, redirect } = sample;
    if (this.#first === undefined) {
      const contentType = body.kind === "empty" ? undefined : mediaTypeOf(headers);
      this.#first = { status, contentType };
    }
    if (status !== this.#first.status) return;
    this.#samples++;
    if (headers !== undefined) {
      const before = this.#headers ?? Object.keys(headers).filter((name) => READ_BY_CLIENTS.test(name));
      this.#headers = before.filter((name) => headers[name] !== undefined);
    }
    if (redirect !== undefined && !this.#redirected.has(redirect)) this.#redirected.set(redirect, sample);
    if (body.kind === "json") this.#collector.add(body.value);
  }

  /**
   * Adds the body of an answer, of which nothing else is known, by its JSON text, which is not made into values.
   * @throws SyntaxError as `JSON.parse` does; nothing was added then
   */
  addText(text: string): void {
    if (this.#first !== undefined && this.#first.status !== this.#presumed) return;
    this.#collector.addText(text);
    this.#first ??= { status: this.#presumed, contentType: "application/json" };
    this.#samples++;
  }

  /** What all of them say. */
  contract(about: { request: string; title: string }): StoredContract {
    return {
      shape: this.#collector.samples === 0 ? NEVER : this.#collector.shape(),
      ...about,
      status: this.#first?.status ?? this.#presumed,
      contentType: this.#first?.contentType,
      samples: this.#samples,
      headers: [...(this.#headers ?? [])].sort(),
      redirects: redirectsOf([...this.#redirected.values()]),
    };
  }
}

/**
 * What answers to one request say, as a contract.
 * @param samples at least one; those of another status than the first one's are left out
 */
export function recordContract(
  samples: readonly Sample[],
  about: { request: string; title: string },
): StoredContract {
  const recorder = new Recorder();
  for (const sample of samples) recorder.add(sample);
  return recorder.contract(about);
}

/**
 * The contract with the evidence of further answers that showed no drift: the same claims on more samples. One that was
 * declared rests on none, and stays as it is. Takes the answers one after the other, and keeps none.
 */
export class Deepening {
  readonly #before: StoredContract;
  readonly #collector = new Collector();

  constructor(before: StoredContract) {
    this.#before = before;
  }

  add({ body, status = this.#before.status }: Sample): void {
    if (body.kind === "json" && status === this.#before.status) this.#collector.add(body.value);
  }

  contract(): StoredContract {
    const before = this.#before;
    const { samples } = this.#collector;
    if (before.samples === 0 || samples === 0) return before;
    const live = this.#collector.shape(before.shape);
    keepStrings(live, before.shape);
    return { ...before, shape: merge(before.shape, live), samples: before.samples + samples };
  }
}

/** Few samples tell no format and no closed set of values: what the contract says of strings stays. */
function keepStrings(live: Shape, known: Shape): void {
  if (live.strings.length > 0 && known.strings.length > 0) live.strings = known.strings;
  const items = known.arrays[0]?.items;
  for (const facet of live.arrays) if (items && facet.items !== ANY) keepStrings(facet.items, items);
  for (const facet of live.objects) {
    const other = known.objects.find(({ variant }) => variant === facet.variant);
    if (other === undefined) continue;
    if (facet.additional !== ANY) keepStrings(facet.additional, other.additional);
    for (const [name, { shape }] of facet.properties) {
      const property = other.properties.get(name);
      if (property) keepStrings(shape, property.shape);
    }
  }
}
