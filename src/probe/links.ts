import { splitOutside } from "../quota/structured.ts";
import type { NoticeLink } from "./notices.ts";

const RELATIONS = ["deprecation", "sunset", "successor-version"] as const;

/** Splits `Link` into its members; commas inside `<…>` belong to the address (Microsoft Graph has them). */
function members(text: string): { href: string; params: string }[] {
  return [...text.matchAll(/<([^>]{1,2048})>((?:[^<",]|"(?:[^"\\]|\\.)*")*)/g)].map(
    ([, href = "", params = ""]) => ({ href, params }),
  );
}

function relationsOf(params: string): string[] {
  return splitOutside(params, ";").flatMap((part) => {
    const value = /^rel\s*=\s*"?([^"]*)"?$/i.exec(part)?.[1];
    return value === undefined ? [] : value.toLowerCase().split(/\s+/);
  });
}

/** Links of `Link` (RFC 8288) that speak of deprecation, sunset or a successor; each once. */
export function parseLinks(text: string): NoticeLink[] {
  const found = new Map<string, NoticeLink>();
  for (const { href, params } of members(text)) {
    const relations = relationsOf(params);
    for (const rel of RELATIONS) if (relations.includes(rel)) found.set(`${rel} ${href}`, { rel, href });
  }
  return [...found.values()];
}
