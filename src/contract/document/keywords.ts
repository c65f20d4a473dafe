import type { Draft } from "./dialect.ts";

/** How far a keyword is judged; one row for each of the table in `docs/json-schema-support.md`. */
export interface KeywordSupport {
  /** First draft that has it. */
  since: Draft;
  /** Last draft that has it, where a later one took it out. */
  until?: Draft;
  support: "judged" | "approximated" | "not judged" | "annotation";
  /** How it is approximated, or why it is not judged. */
  how?: string;
}

const judged = (since: Draft, how?: string): KeywordSupport => ({
  since,
  support: "judged",
  ...(how === undefined ? {} : { how }),
});
const approximated = (since: Draft, how: string): KeywordSupport => ({ since, support: "approximated", how });
const annotation = (since: Draft, how?: string): KeywordSupport => ({
  since,
  support: "annotation",
  ...(how === undefined ? {} : { how }),
});
const notJudged = (since: Draft, how: string): KeywordSupport => ({ since, support: "not judged", how });

/** Every keyword of the drafts 4 to 2020-12, and what is made of it. */
export const KEYWORDS: ReadonlyMap<string, KeywordSupport> = new Map<string, KeywordSupport>([
  ["$schema", judged(4, "chooses the dialect, of an embedded resource too")],
  ["$id", judged(6, "`id` in draft 4; relative references resolve against it")],
  ["id", { since: 4, until: 4, support: "judged" }],
  ["$ref", judged(4, "what stands beside it holds from 2019-09 on; a cycle is a cycle of the graph")],
  ["$anchor", judged(2019)],
  ["$dynamicRef", approximated(2020, "the outermost resource is the document that was asked for")],
  ["$dynamicAnchor", judged(2020)],
  ["$recursiveRef", { since: 2019, until: 2019, support: "approximated", how: "as `$dynamicRef`" }],
  ["$recursiveAnchor", { since: 2019, until: 2019, support: "judged" }],
  ["$defs", judged(2019, "read where a reference leads there")],
  ["definitions", judged(4, "read where a reference leads there")],
  ["$comment", annotation(7, "ignored")],
  ["$vocabulary", notJudged(2019, "a metaschema's keyword: every known keyword counts")],
  ["type", judged(4)],
  ["enum", judged(4, "arrays and objects too")],
  ["const", judged(6)],
  ["multipleOf", judged(4, "decimal fractions count as written")],
  ["maximum", judged(4)],
  ["exclusiveMaximum", judged(4, "the boolean of draft 4 and OpenAPI 3.0 and the number of later drafts")],
  ["minimum", judged(4)],
  ["exclusiveMinimum", judged(4, "the boolean of draft 4 and OpenAPI 3.0 and the number of later drafts")],
  ["maxLength", judged(4, "in code points")],
  ["minLength", judged(4, "in code points")],
  [
    "pattern",
    approximated(
      4,
      "two different patterns are compared by text: whether one includes the other is not worked out",
    ),
  ],
  ["maxItems", judged(4)],
  ["minItems", judged(4)],
  ["uniqueItems", judged(4)],
  ["maxContains", judged(2019)],
  ["minContains", judged(2019)],
  ["maxProperties", judged(4)],
  ["minProperties", judged(4)],
  ["required", judged(4)],
  ["dependentRequired", judged(2019, "`dependencies` with lists before")],
  [
    "dependentSchemas",
    approximated(2019, "compared as constraints of their own, not joined with the properties"),
  ],
  [
    "dependencies",
    {
      since: 4,
      until: 7,
      support: "approximated",
      how: "lists as `dependentRequired`, schemas as `dependentSchemas`",
    },
  ],
  [
    "allOf",
    judged(
      4,
      "as intersection; patternProperties of several members that restrict the same keys are said to be inconclusive",
    ),
  ],
  ["anyOf", judged(4, "as union; constraints of a single alternative are compared by text")],
  [
    "oneOf",
    approximated(4, "as anyOf: that exactly one alternative may hold is not judged where they overlap"),
  ],
  ["not", approximated(4, "compared as a constraint: by text, and by meaning where it changed")],
  ["if", approximated(7, "compared as a constraint, with its `then` and `else`")],
  ["then", approximated(7, "see `if`")],
  ["else", approximated(7, "see `if`")],
  ["prefixItems", judged(2020, "`items` with a list before")],
  ["items", judged(4)],
  ["additionalItems", { since: 4, until: 2019, support: "judged" }],
  ["contains", judged(6)],
  ["properties", judged(4)],
  ["patternProperties", judged(4)],
  ["additionalProperties", judged(4)],
  ["propertyNames", judged(6)],
  [
    "unevaluatedItems",
    approximated(
      2019,
      "as the rest of the items where nothing beside it is conditional; else as a constraint by text",
    ),
  ],
  [
    "unevaluatedProperties",
    approximated(
      2019,
      "as `additionalProperties` of the whole where nothing beside it is conditional; else as a constraint by text",
    ),
  ],
  ["format", approximated(4, "compared as a name; values are not held against it")],
  ["contentEncoding", approximated(7, "compared as a name")],
  ["contentMediaType", approximated(7, "compared as a name")],
  ["contentSchema", approximated(2019, "compared as a constraint by text")],
  ["title", annotation(4, "kept as a name")],
  ["description", annotation(4, "ignored")],
  ["default", annotation(4, "a change is reported")],
  ["deprecated", annotation(2019, "a change is reported; `x-sunset` beside it")],
  ["readOnly", annotation(7, "left out of requests")],
  ["writeOnly", annotation(7, "left out of responses")],
  ["examples", annotation(6, "ignored; references in it are not followed")],
]);
