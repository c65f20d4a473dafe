import { KNOWN_HEADERS } from "./known.ts";
import { looksLikeQuota, meaningOf } from "./names.ts";

/** What a header may end with that counts only beside another of its name: `x-recipient-limit`, `-remaining`. */
const PAIRED = /-(?:limit|remaining|used|usage|reset)$/;

const verdicts = new Map<string, boolean>();

/** Names of headers come from outside: no more of them are remembered. */
const MOST_REMEMBERED = 1000;

/**
 * Whether a header of this name, in lower case, can tell anything about quota. Lets a client that sees thousands of
 * responses skip reading those without such a header.
 */
export function mayTellOfQuota(header: string): boolean {
  const known = verdicts.get(header);
  if (known !== undefined) return known;
  const verdict =
    header.startsWith("retry-after") ||
    Object.hasOwn(KNOWN_HEADERS, header) ||
    PAIRED.test(header) ||
    looksLikeQuota(header) ||
    meaningOf(header) !== undefined;
  if (verdicts.size < MOST_REMEMBERED) verdicts.set(header, verdict);
  return verdict;
}
