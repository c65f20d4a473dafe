import type { Core } from "../client/core.ts";
import type { CallRequest, Reply } from "../client/options.ts";
import { BadResponseError } from "../errors/errors.ts";
import { count, countOrNone, requireNumbers } from "../platform/numbers.ts";
import { requireOptions, requireValue, withMethods } from "../platform/values.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import type { PageRequest, Place } from "./strategy.ts";

/** One page of a list. */
export interface Page<P, I> {
  items: readonly I[];
  reply: Reply<P>;
  /**
   * Where the list goes on, for `from` of a later request; undefined on the last page. Of a page that `maxItems` cut
   * short it is the page's own place: nothing is left out.
   */
  cursor: string | undefined;
}

/**
 * A list, page by page, asked for as it is walked: leave the loop and nothing more is asked for. Each page is a logical
 * call of its own, with its own deadline, retries and limits; `signal` ends the walk.
 */
export interface Pages<P, I> extends AsyncIterable<I> {
  /** The pages themselves, with the cursor to go on from. */
  pages(): AsyncIterable<Page<P, I>>;
  /** All items, in memory: only where the list is known to be short, or with `maxItems`. */
  all(): Promise<I[]>;
}

type Send = <T>(request: CallRequest<T>) => Promise<Reply<T>>;

const MOST_PAGES = 10_000;

/** Items as text, to compare pages by: the caller may change those that it was given. */
function textOf(items: readonly unknown[]): string | undefined {
  try {
    return JSON.stringify(items, (_key, value) => (typeof value === "bigint" ? `${value}n` : value));
  } catch {
    return undefined;
  }
}

/**
 * Whether two pages that hold the same must be one page: what has no id may be there twice, a row of zeros for one, but
 * not where each item of the page differs from the others.
 */
function isUnmistakable(items: readonly unknown[]): boolean {
  const distinct = new Set(items.map((item) => textOf([item])));
  return distinct.size === items.length && (items.length > 1 || typeof items[0] === "object");
}

/** One walk along a list. */
class Walk<P, I> {
  readonly #core: Core;
  readonly #send: Send;
  readonly #request: PageRequest<P, I>;
  readonly #been = new Set<string>();
  #left: number;
  #before: string | undefined;

  /** @throws RangeError */
  constructor(core: Core, send: Send, request: PageRequest<P, I>) {
    requireNumbers(request.operation, request, { maxItems: countOrNone, maxPages: count });
    this.#core = core;
    this.#send = send;
    this.#request = request;
    this.#left = request.maxItems ?? Number.POSITIVE_INFINITY;
  }

  async *pages(): AsyncGenerator<Page<P, I>> {
    const { pagination, from, maxPages } = this.#request;
    let place: Place | undefined = from === undefined ? pagination.first : decodeCursor(from);
    for (let count = 1; place !== undefined && this.#left > 0; count++) {
      const here = encodeCursor(place);
      this.#been.add(here);
      const reply = await this.#send(this.#requestFor(place));
      const all = this.#itemsOf(reply);
      this.#refuseRepeated(all, reply);
      const items = all.slice(0, this.#left);
      this.#left -= items.length;
      place = this.#nextPlace(reply, place);
      const next = place && encodeCursor(place);
      yield { items, reply, cursor: items.length < all.length ? here : next };
      if (count === maxPages) return;
      // A list that only seems whole would be a failure that looks like a success.
      const goesOn = place !== undefined && this.#left > 0;
      if (goesOn && maxPages === undefined && count === MOST_PAGES) {
        throw this.#unusable(
          `the list has no end after ${MOST_PAGES} pages: \`maxPages\` allows more`,
          reply,
        );
      }
    }
  }

  /** A provider that does not heed where it was asked to go on gives its first page for ever. */
  #refuseRepeated(items: readonly I[], reply: Reply<P>): void {
    const text = items.length === 0 ? undefined : textOf(items);
    if (text !== undefined && text === this.#before && isUnmistakable(items)) {
      throw this.#unusable(
        "the page holds what the one before it held: the provider gives one over and over",
        reply,
      );
    }
    this.#before = text;
  }

  /** What the strategy finds in a page; a page of another form than it knows is the provider's, and said so. */
  #find<T>(what: string, reply: Reply<P>, find: () => T): T {
    try {
      return find();
    } catch (error) {
      throw this.#unusable(`the page is not of the form in which \`${what}\` looks for it`, reply, error);
    }
  }

  #itemsOf(reply: Reply<P>): readonly I[] {
    const items: unknown = this.#find("items", reply, () => this.#request.pagination.items(reply.data));
    if (Array.isArray(items)) return items;
    const found = items === null ? "null" : typeof items;
    throw this.#unusable(`the page has no list: \`items\` found ${found} there`, reply);
  }

  #nextPlace(reply: Reply<P>, place: Place): Place | undefined {
    const next = this.#find("next", reply, () => this.#request.pagination.next(reply, place));
    if (next === undefined) return undefined;
    const resolved = "path" in next ? { path: this.#resolve(next.path, reply) } : next;
    if (this.#been.has(encodeCursor(resolved))) {
      throw this.#unusable("the next page is one that was there already: the pages form a circle", reply);
    }
    return resolved;
  }

  /** A relative link is meant from where the list is. One to another origin would take our credential there. */
  #resolve(link: string, reply: Reply<P>): string {
    const list = new URL(`${this.#core.baseUrl().replace(/\/+$/, "")}${this.#request.path}`);
    const next = URL.canParse(link, list.href) ? new URL(link, list) : undefined;
    if (next?.origin === list.origin) return next.href;
    throw this.#unusable("the next page lies at another origin, where our credential must not go", reply);
  }

  #requestFor(place: Place): CallRequest<P> {
    const {
      pagination: _pagination,
      maxItems: _items,
      maxPages: _pages,
      from: _from,
      ...rest
    } = this.#request;
    if ("query" in place) return { ...rest, query: { ...rest.query, ...place.query } };
    // The provider's link says everything that the request for the first page said.
    const { query: _query, params: _params, ...bare } = rest;
    return { ...bare, path: place.path };
  }

  #unusable(message: string, { requestId, attempts, status }: Reply<P>, cause?: unknown): BadResponseError {
    const { integration, version } = this.#core;
    const origin = { integration, version, operation: this.#request.operation, attempts, requestId };
    return new BadResponseError(message, origin, status ?? 0, cause);
  }
}

/** Walks the pages of a list. */
export function paginate<P, I>(core: Core, send: Send, request: PageRequest<P, I>): Pages<P, I> {
  requireOptions("paginate", request);
  requireValue(
    "paginate: `pagination`",
    request.pagination,
    withMethods("cursorPagination({ … })", "items", "next"),
  );
  const pages = () => new Walk(core, send, request).pages();
  async function* items(): AsyncGenerator<I> {
    for await (const page of pages()) yield* page.items;
  }
  return {
    pages,
    [Symbol.asyncIterator]: items,
    all: async () => {
      const all: I[] = [];
      for await (const item of items()) all.push(item);
      return all;
    },
  };
}
