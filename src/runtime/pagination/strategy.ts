import type { CallRequest, Reply } from "../client/options.ts";
import type { Query } from "../exchange/request.ts";
import { count, requireNumbers } from "../platform/numbers.ts";
import { callable, maybe, requireValues, text } from "../platform/values.ts";

/** Where a page is: what to put into the request for it. Survives JSON, so that a walk can go on another day. */
export type Place =
  /** Query parameters of the page. */
  | { query: Query }
  /** The provider's own address of the page, below the base URL's origin. */
  | { path: string };

/** How a provider divides lists into pages. */
export interface Pagination<P, I> {
  /** The items of a page. */
  items(page: P): readonly I[];
  /** Where the first page is. */
  first: Place;
  /** Where the page after this one is; undefined when this was the last. */
  next(reply: Reply<P>, place: Place): Place | undefined;
}

/** A list, and how much of it is wanted. */
export interface PageRequest<P, I> extends CallRequest<P> {
  pagination: Pagination<P, I>;
  /** Default: all. */
  maxItems?: number;
  /** Where the walk ends though there is more. Without one, a list that goes on after 10,000 pages is an error. */
  maxPages?: number;
  /** Where to go on: the `cursor` of a page seen earlier. */
  from?: string;
}

interface Shape<P, I> {
  /** The items of a page. */
  items: (page: P) => readonly I[];
}

/** Pages that carry a pointer to the next: `starting_after`, `page_token`, `cursor`. */
export function cursorPagination<P, I>(
  options: Shape<P, I> & {
    /** The query parameter that takes the pointer. */
    parameter: string;
    /** The pointer to the next page; undefined, null or "" on the last. */
    next: (page: P) => string | number | null | undefined;
  },
): Pagination<P, I> {
  requireValues("cursorPagination", options, { items: callable, parameter: text, next: callable });
  const { items, parameter, next } = options;
  return {
    items,
    first: { query: {} },
    next: ({ data }) => {
      const pointer = next(data);
      return pointer === undefined || pointer === null || pointer === ""
        ? undefined
        : { query: { [parameter]: pointer } };
    },
  };
}

function numberAt(place: Place, parameter: string): number {
  return "query" in place ? Number(place.query[parameter]) : Number.NaN;
}

/** Numbered pages. The last is the first that is empty, or the one after which there is no more. */
export function pagePagination<P, I>(
  options: Shape<P, I> & {
    /** Default `page`. */
    parameter?: string;
    /** Number of the first page. Default 1. */
    first?: number;
    /** Whether there is another page, where the page says so. */
    hasMore?: (page: P, number: number) => boolean;
  },
): Pagination<P, I> {
  requireValues("pagePagination", options, {
    items: callable,
    parameter: maybe(text),
    hasMore: maybe(callable),
  });
  const { items, parameter = "page", first = 1, hasMore } = options;
  return {
    items,
    first: { query: { [parameter]: first } },
    next: ({ data }, place) => {
      const number = numberAt(place, parameter);
      const more = hasMore ? hasMore(data, number) : items(data).length > 0;
      return more ? { query: { [parameter]: number + 1 } } : undefined;
    },
  };
}

/** Stretches of a list, by how many items lie before them. The last is the first shorter than asked for. */
export function offsetPagination<P, I>(
  options: Shape<P, I> & {
    /** Items asked for at a time. */
    limit: number;
    /** Default `offset`. */
    offsetParameter?: string;
    /** Default `limit`. */
    limitParameter?: string;
    /** How many items there are in all, where the page says so: providers may give fewer than asked for. */
    total?: (page: P) => number | undefined;
  },
): Pagination<P, I> {
  requireValues("offsetPagination", options, { items: callable });
  requireNumbers("offsetPagination", options, { limit: count });
  const { items, limit, offsetParameter = "offset", limitParameter = "limit", total } = options;
  const place = (offset: number): Place => ({
    query: { [offsetParameter]: offset, [limitParameter]: limit },
  });
  return {
    items,
    first: place(0),
    next: ({ data }, at) => {
      const { length } = items(data);
      const seen = numberAt(at, offsetParameter) + length;
      const all = total?.(data);
      const more = all === undefined ? length >= limit : seen < all && length > 0;
      return more ? place(seen) : undefined;
    },
  };
}
