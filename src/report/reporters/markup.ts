import { neutralize } from "../../base/text.ts";

/**
 * Text that no parser of XML 1.0 or HTML reads as more than text, between tags and in quoted attributes: no control
 * characters, no lone surrogates, no U+FFFE and U+FFFF, everything special escaped. Newlines and tabs stay.
 */
export function markupText(text: string): string {
  return neutralize(text, { multiline: true })
    .replace(/[\ud800-\udfff\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");
}
