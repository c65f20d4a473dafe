import { ACCEPT, type Rule, rule } from "./rule.ts";

/** Rules about what is announced of a schema. */
export const LIFECYCLE_RULES: readonly Rule[] = [
  rule(
    "deprecated",
    { response: "info", request: "info" },
    {
      summary: "marked as deprecated",
      what: "The provider says that it will go away.",
      why: "It works now, and will not some day.",
      example: "email → email (deprecated, until 2026-01-01)",
      todo: ACCEPT,
    },
  ),
  rule(
    "reactivated",
    { response: "info", request: "info" },
    {
      summary: "not deprecated any more",
      what: "The provider took its announcement back.",
      why: "Nothing breaks.",
      example: "email (deprecated) → email",
      todo: ACCEPT,
    },
  ),
  rule(
    "sunset-changed",
    { response: "warning", request: "warning" },
    {
      summary: "another date of removal",
      what: "What is deprecated goes away at another date.",
      why: "There may be less time than planned.",
      example: "until 2026-06-01 → until 2026-01-01",
      todo: ACCEPT,
    },
  ),
  rule(
    "default-changed",
    { response: "info", request: "warning" },
    {
      summary: "another default",
      what: "The value that holds where none is given is another, new or gone.",
      why: "Requests that leave it out do something else now.",
      example: "default: 10 → 100",
      todo: ACCEPT,
    },
  ),
  rule(
    "stability-changed",
    { response: "info", request: "info" },
    {
      summary: "another level of stability",
      what: "The level, such as beta or stable, is another.",
      why: "What is not stable may change without notice.",
      example: "stable → beta",
      todo: ACCEPT,
    },
  ),
];
