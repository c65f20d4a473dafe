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
 * What answers to one request say, as a contract.
 * @param samples at least one; those of another status than the first one's are left out
 */
export function recordContract(
  samples: readonly Sample[],
  about: { request: string; title: string },
): StoredContract {
  const [first] = samples;
  const status = first?.status ?? 200;
  const same = samples.filter((sample) => sample.status === status);
  const collector = new Collector();
  for (const { body } of same) if (body.kind === "json") collector.add(body.value);
  return {
    shape: collector.samples === 0 ? NEVER : collector.shape(),
    ...about,
    status,
    contentType: first === undefined || first.body.kind === "empty" ? undefined : mediaTypeOf(first.headers),
    samples: same.length,
    headers: headersOfAll(same),
    redirects: redirectsOf(same),
  };
}

function headersOfAll(samples: readonly Sample[]): string[] {
  const [first, ...others] = samples;
  return Object.keys(first?.headers ?? {})
    .filter((name) => READ_BY_CLIENTS.test(name))
    .filter((name) => others.every(({ headers }) => headers[name] !== undefined))
    .sort();
}

/**
 * The contract with the evidence of further answers that showed no drift: the same claims on more samples. One that was
 * declared rests on none, and stays as it is.
 */
export function deepenContract(contract: StoredContract, samples: readonly Sample[]): StoredContract {
  if (contract.samples === 0) return contract;
  const collector = new Collector();
  for (const { body, status } of samples) {
    if (body.kind === "json" && status === contract.status) collector.add(body.value);
  }
  if (collector.samples === 0) return contract;
  const live = collector.shape(contract.shape);
  keepStrings(live, contract.shape);
  const shape: Shape = merge(contract.shape, live);
  return { ...contract, shape, samples: contract.samples + collector.samples };
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
