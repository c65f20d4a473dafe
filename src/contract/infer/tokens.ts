/** What may be remembered of a string: words of a fixed vocabulary, never a person's data, never a secret. */
const TOKEN = /^[A-Za-z][A-Za-z0-9_.:/ +-]{0,39}$/;
const MANY_DIGITS = /\d{5}|\d.*[A-Za-z].*\d.*[A-Za-z].*\d/;
const GENERATED = /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9]{16,}$/;

/** Whether a value may be an enum member. Says no to ids, keys, numbers, mail addresses, sentences. */
export function isToken(value: string): boolean {
  return (
    value.length <= 40 &&
    value.length > 0 &&
    TOKEN.test(value) &&
    !MANY_DIGITS.test(value) &&
    !GENERATED.test(value)
  );
}

const PERSONAL =
  /name$|^login$|user|mail|phone|mobile|fax|address|street|city|town|state_?(?:name|code)?$|province|region_?name|zip|postal|tz$|time_?zone|birth|gender|owner|author|creator|assignee|person|company|contact|title|subject|descri|comment|message|note|text|body|summary|reason_?text|label$|slug|path|file|host|domain|ip$|token|secret|passw|key$|signature|hash|digest|sha|etag|id$|ids$|ref$|reference|nonce|cursor|tags?$|topics?$|keywords?$|labels$/i;

/** Whether values under this name may be remembered at all: names, addresses, free text, ids and credentials may not. */
export function mayHoldVocabulary(key: string): boolean {
  return (key !== "" && !PERSONAL.test(key)) || /^(?:user_?)?(?:type|kind|role)$/i.test(key);
}
