import { ACCEPT, type Rule, rule } from "./rule.ts";

/** Rules about types, alternatives and conditions. */
export const TYPE_RULES: readonly Rule[] = [
  rule(
    "became-nullable",
    { response: "error", request: "info" },
    {
      summary: "null where there never was",
      what: "A value that was never null may be null.",
      why: "Code that reads it without asking fails.",
      example: '"name": "Ada" → "name": null',
      todo: ACCEPT,
    },
  ),
  rule(
    "became-not-nullable",
    { response: "info", request: "error" },
    {
      summary: "null is not allowed any more",
      what: "A value that could be null cannot be any more.",
      why: "Readers can stop asking; requests with null are refused.",
      example: "string or null → string",
      todo: ACCEPT,
    },
  ),
  rule(
    "type-changed",
    { response: "error", request: "error" },
    {
      summary: "another type",
      what: "No value is of a type that it was of before.",
      why: "Code that computes with it fails, or goes silently wrong.",
      example: '"amount": 100 → "amount": "100"',
      todo: ACCEPT,
    },
  ),
  rule(
    "envelope-changed",
    { response: "error", request: "error" },
    {
      summary: "wrapped or unwrapped",
      what: "An array became an object or an object an array, or the whole body is of another type.",
      why: "Nothing that was read by its place is there any more.",
      example: '[{"id": 1}] → {"data": [{"id": 1}]}',
      todo: ACCEPT,
    },
  ),
  rule(
    "type-added",
    { response: "error", request: "info" },
    {
      summary: "values of a further type",
      what: "Some values are of a type that none was of before.",
      why: "Code that knows one type fails on the other.",
      example: '"source": "card_1" → also "source": {"id": "card_1"}',
      todo: ACCEPT,
    },
  ),
  rule(
    "type-removed",
    { response: "info", request: "error" },
    {
      summary: "a type is gone",
      what: "Values of one of several types do not come any more.",
      why: "Readers have less to handle; requests with that type are refused.",
      example: "string or integer → string",
      todo: ACCEPT,
    },
  ),
  rule(
    "integer-became-number",
    { response: "warning", request: "info" },
    {
      summary: "fractions where there were integers",
      what: "Numbers that were always integers may have fractions.",
      why: "Comparisons, integer columns and `z.int()` fail.",
      example: '"amount": 100 → "amount": 100.5',
      todo: ACCEPT,
    },
  ),
  rule(
    "number-became-integer",
    { response: "info", request: "error" },
    {
      summary: "only integers now",
      what: "Numbers that could have fractions are integers.",
      why: "Requests with fractions are refused.",
      example: "number → integer",
      todo: ACCEPT,
    },
  ),
  rule(
    "schema-removed",
    { response: "warning", request: "info" },
    {
      summary: "nothing is said about values any more",
      what: "A place that had a type takes anything.",
      why: "Whatever was relied on may change without notice.",
      example: "string → anything",
      todo: ACCEPT,
    },
  ),
  rule(
    "schema-added",
    { response: "info", request: "warning" },
    {
      summary: "a type is said where there was none",
      what: "A place that took anything has a type.",
      why: "Readers know more; requests of another type are refused.",
      example: "anything → string",
      todo: ACCEPT,
    },
  ),
  rule(
    "variant-added",
    { response: "warning", request: "info" },
    {
      summary: "objects of a new kind",
      what: "There is an alternative that the contract does not have: another value of the tag, or one more of `oneOf`.",
      why: "Code that tells the alternatives apart does not know this one.",
      example: '"type": "card" or "bank" → also "type": "wallet"',
      todo: ACCEPT,
    },
  ),
  rule(
    "variant-removed",
    { response: "info", request: "error" },
    {
      summary: "objects of one kind are gone",
      what: "An alternative is not there any more.",
      why: "Readers have less to handle; requests of that kind are refused.",
      example: '"type": "card" or "bank" → "type": "card"',
      todo: ACCEPT,
    },
  ),
  rule(
    "discriminator-added",
    { response: "info", request: "info" },
    {
      summary: "alternatives have a tag now",
      what: "A property tells the alternatives apart, which none did before.",
      why: "Nothing breaks.",
      example: "oneOf → oneOf with discriminator type",
      todo: ACCEPT,
    },
  ),
  rule(
    "discriminator-removed",
    { response: "warning", request: "info" },
    {
      summary: "alternatives have no tag any more",
      what: "No property tells the alternatives apart any more.",
      why: "Code that switches on the tag may not find it.",
      example: "oneOf with discriminator type → oneOf",
      todo: ACCEPT,
    },
  ),
  rule(
    "discriminator-changed",
    { response: "error", request: "error" },
    {
      summary: "another property is the tag",
      what: "Another property tells the alternatives apart.",
      why: "Code that switches on the old one takes no branch.",
      example: "discriminator type → kind",
      todo: ACCEPT,
    },
  ),
  rule(
    "constraint-removed",
    { response: "warning", request: "info" },
    {
      summary: "a condition does not hold any more",
      what: "`not`, `if`, `dependentSchemas` or their like is gone.",
      why: "Values that were ruled out may come.",
      example: "if country = US then zip → no condition",
      todo: ACCEPT,
    },
  ),
  rule(
    "constraint-added",
    { response: "info", request: "warning" },
    {
      summary: "a condition is new",
      what: "`not`, `if`, `dependentSchemas` or their like is new.",
      why: "Requests that do not meet it are refused.",
      example: "no condition → if country = US then zip",
      todo: ACCEPT,
    },
  ),
  rule(
    "constraint-changed",
    { response: "warning", request: "warning" },
    {
      summary: "a condition is another",
      what: "`not`, `if`, `dependentSchemas` or their like reads differently.",
      why: "Values that were ruled out may come, and others be refused.",
      example: "if country = US → if country = CA",
      todo: ACCEPT,
    },
  ),
  rule(
    "not-judged",
    { response: "inconclusive", request: "inconclusive" },
    {
      summary: "something could not be judged",
      what: "A schema says something that integ does not understand, and says it differently now; or it refers to what is missing in both documents.",
      why: "Whether it breaks anything must be read by a person.",
      example: "an unresolvable $ref",
      todo: ACCEPT,
    },
  ),
];
