import { callable, requireValues } from "../platform/values.ts";
import type { Pagination } from "./strategy.ts";

/** Splits at commas outside quotes and angle brackets: a URL may contain them. */
function splitLinks(header: string): string[] {
  return header.match(/<[^>]*>(?:"(?:\\.|[^"\\])*"|[^,"])*/g) ?? [];
}

function hasRelation(parameters: string, relation: string): boolean {
  const found = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(parameters);
  const relations = (found?.[1] ?? found?.[2] ?? "").toLowerCase().split(/\s+/);
  return relations.includes(relation);
}

/** The address of a relation in a `Link` header (RFC 8288), as it stands there. */
function linkOf(header: string, relation: string): string | undefined {
  for (const link of splitLinks(header)) {
    const [, target = "", parameters = ""] = /^<([^>]*)>(.*)$/s.exec(link) ?? [];
    if (hasRelation(parameters, relation)) return target;
  }
  return undefined;
}

/** Pages whose `Link` header names the next (GitHub, GitLab, Shopify). */
export function linkPagination<P, I>(options: { items: (page: P) => readonly I[] }): Pagination<P, I> {
  requireValues("linkPagination", options, { items: callable });
  return {
    items: options.items,
    first: { query: {} },
    next: ({ headers }) => {
      const path = linkOf(headers.get("link") ?? "", "next");
      return path === undefined ? undefined : { path };
    },
  };
}
