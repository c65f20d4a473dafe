import { markupText } from "./markup.ts";

/** Markup that is ours; anything else that goes into it is escaped. */
export interface Markup {
  readonly html: string;
}

type Part = string | number | Markup | readonly Part[];

function partHtml(part: Part): string {
  if (typeof part === "string") return markupText(part);
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
