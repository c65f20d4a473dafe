import { neutralize } from "../../base/text.ts";

/** Markup that is ours; anything else that goes into it is escaped. */
export interface Markup {
  readonly html: string;
}

/** Text as no HTML parser reads more than text of it, between tags and in quoted attributes. Newlines stay. */
export function htmlText(text: string): string {
  return neutralize(text, { multiline: true })
    .replace(/[\ud800-\udfff\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

type Part = string | number | Markup | readonly Part[];

function partHtml(part: Part): string {
  if (typeof part === "string") return htmlText(part);
  if (typeof part === "number") return String(part);
  return "html" in part ? part.html : part.map(partHtml).join("");
}

/** Markup with values in it: values are escaped, markup and lists of markup go in as they are. */
export function html(literals: TemplateStringsArray, ...parts: Part[]): Markup {
  const text = literals.reduce((before, literal, index) => {
    const part = parts[index - 1];
    return `${before}${part === undefined ? "" : partHtml(part)}${literal}`;
  });
  return { html: text };
}

export const NOTHING: Markup = { html: "" };
