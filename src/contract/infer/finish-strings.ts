import { type StringFacet, stringFacet } from "../shape.ts";
import { effective, isClosed, valueCounts } from "./evidence.ts";
import { bestFormat } from "./formats.ts";
import { isTagName } from "./tags.ts";
import type { StringTally } from "./tally.ts";
import { mayHoldVocabulary } from "./tokens.ts";

/** Fewest observations on which a format is taken for the rule. */
export const FORMAT_MINIMUM = 20;
/** A format that few strings have by chance is adopted on fewer. */
const TELLING_MINIMUM = 3;
const TELLING = new Set(["date-time in UTC", "date-time", "URL"]);

/** The strings of one place as a facet: values, else prefix, else format, else just strings. */
export function finishStrings(tally: StringTally, key: string, responses: number): StringFacet {
  const n = effective(tally.count, responses);
  const varied = tally.least !== tally.greatest;
  const format = bestFormat(tally.formats);
  const enough = format !== undefined && TELLING.has(format.name) ? TELLING_MINIMUM : FORMAT_MINIMUM;
  if (varied && typeof tally.prefix === "string" && tally.count >= TELLING_MINIMUM) {
    return stringFacet({ patterns: [`^${tally.prefix}`] });
  }
  if (varied && format !== undefined && tally.count >= enough) {
    return stringFacet({
      format: format.format,
      patterns: format.pattern === undefined ? [] : [format.pattern],
    });
  }
  return closedValues(tally, key, n) ?? stringFacet();
}

function closedValues(tally: StringTally, key: string, n: number): StringFacet | undefined {
  const { values } = tally;
  if (values === undefined || values.size === 0 || !mayHoldVocabulary(key)) return undefined;
  if (values.size === 1 && !isTagName(key)) return undefined;
  if (bestFormat(tally.formats) !== undefined || !isClosed(valueCounts(values), n)) return undefined;
  const sorted = [...values.keys()].sort();
  return stringFacet({ enum: new Set(sorted) });
}
