import type { Exchange } from "../../http/exchange.ts";
import { isPrivateName } from "../infer/keys.ts";
import { isToken } from "../infer/tokens.ts";
import type { StoredContract } from "../store.ts";
import { evidenceOfAnswers } from "./counts.ts";
import type { Sample } from "./response.ts";
import type { Suspicion } from "./suspicion.ts";

/** The answer came from where it was asked for. Targets begin with a slash or a scheme. */
export const NO_REDIRECT = "none";

/**
 * Where redirects led an exchange: origin and path, ids in it as `{}`; the path alone on the origin that was asked; `none`
 * without a redirect. The query is left out: it may hold anything.
 */
export function redirectOf({ request, hops }: Pick<Exchange, "request" | "hops">): string {
  const last = hops.at(-1);
  if (last === undefined || !URL.canParse(last.location, last.url)) return NO_REDIRECT;
  const { origin, pathname } = new URL(last.location, last.url);
  const path = pathname.split("/").map(withoutIds).join("/");
  const asked = URL.canParse(request.url) ? new URL(request.url).origin : "";
  return origin === asked ? path : origin + path;
}

function withoutIds(part: string): string {
  return part === "" || (isToken(part) && !isPrivateName(part)) ? part : "{}";
}

const originOf = (target: string): string => (target.startsWith("/") ? "" : new URL(target).origin);

/**
 * What a contract remembers of where answers came from, sorted; empty where none was redirected. Where several paths of one
 * origin came, only the origin is told: `https://files.example.com/**`.
 */
export function redirectsOf(samples: readonly Sample[]): string[] {
  const targets = new Set(samples.flatMap(({ redirect }) => redirect ?? []));
  const direct = targets.delete(NO_REDIRECT);
  if (targets.size === 0) return [];
  const byOrigin = new Map<string, string>();
  for (const target of targets) {
    const origin = originOf(target);
    byOrigin.set(origin, byOrigin.has(origin) ? `${origin}/**` : target);
  }
  return [...byOrigin.values(), ...(direct ? [NO_REDIRECT] : [])].sort();
}

/**
 * Redirects that the contract does not know, and a known one that no answer takes any more.
 * @param targets where redirects led to, and how many answers came that way
 */
export function judgeRedirects(contract: StoredContract, targets: ReadonlyMap<string, number>): Suspicion[] {
  // What is declared, and not recorded, says nothing of redirects.
  if (contract.samples === 0) return [];
  const recorded = contract.redirects ?? [];
  const all = [...targets.values()].reduce((sum, times) => sum + times, 0);
  const before = recorded.join(" or ") || "no redirect";
  const suspicionOf = (times: number) => ({
    path: "$",
    level: "certain" as const,
    before,
    evidence: evidenceOfAnswers(contract.samples, all, all - times),
  });
  const added = [...targets.keys()].sort().filter((target) => !isKnown(target, recorded));
  const found: Suspicion[] = added.map((after) => ({
    ...suspicionOf(targets.get(after) ?? 0),
    rule: "contract/redirect-added",
    message: `The answer comes by a redirect to ${after} now; the contract has ${before}`,
    after,
    discriminator: after,
  }));
  const gone = recorded.length > 0 && !recorded.includes(NO_REDIRECT);
  if (gone && targets.size === 1 && targets.has(NO_REDIRECT)) {
    found.push({
      ...suspicionOf(all),
      rule: "contract/redirect-removed",
      message: `The answer comes without a redirect now; it came by one to ${before}`,
      after: "no redirect",
    });
  }
  return found;
}

function isKnown(target: string, recorded: readonly string[]): boolean {
  return target === NO_REDIRECT || recorded.includes(target) || recorded.includes(`${originOf(target)}/**`);
}
