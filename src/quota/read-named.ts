import { windowOfName } from "./draft.ts";
import { readCount, readPolicies, readWhole, setField } from "./forms.ts";
import type { HeaderMeaning } from "./names.ts";
import type { Reading } from "./reading.ts";
import { parseReset, parseRetryAfter } from "./values.ts";

/** Reads a header by what its name says; false where the value does not fit. */
export function readMeaning(reading: Reading, meaning: HeaderMeaning, header: string, text: string): boolean {
  const { family, dimension, field, milliseconds, word } = meaning;
  switch (field) {
    case "info":
      return true;
    case "reason":
      reading.reason ??= text;
      return true;
    case "scope":
      reading.scope ??= text;
      return true;
    case "near":
      reading.nearLimit = text === "true";
      return true;
    case "name":
      if (!reading.names.has(family)) reading.names.set(family, text);
      return true;
    case "policy":
      readPolicies(reading, header, text);
      return true;
    case "retry":
      reading.retryAfterSeconds ??= parseRetryAfter(text, reading.serverNow) ?? Number.NaN;
      return true;
    case "whole":
      return readWhole(reading, meaning, header, text);
    case "limit":
    case "remaining":
    case "used":
      return readCount(reading, reading.drafts.at(family, dimension), field, header, text);
    case "reset":
    case "window": {
      if (
        field === "reset" &&
        parseReset(text, { serverNow: reading.serverNow, windowSeconds: windowOfName(dimension) }) ===
          undefined
      )
        return false;
      const draft = reading.drafts.at(family, dimension);
      if (!setField(draft, field, text, milliseconds, /-(?:after|in)$/.test(header))) return false;
      if (word === "interval") draft.interval = true;
      draft.source.push(header);
      return true;
    }
  }
}
