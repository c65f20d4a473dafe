import { ACCEPT, type Rule, rule } from "./rule.ts";

/** Rules about the properties of objects. */
export const PROPERTY_RULES: readonly Rule[] = [
  rule(
    "property-removed",
    { response: "error", request: "warning" },
    {
      summary: "a property that was always there is gone",
      what: "A property that is required, or was there in every recorded answer, is not there any more.",
      why: "Code that reads it gets undefined. A sender's value is ignored, or refused where nothing else may be sent.",
      example: '{"id": 1, "email": "…"} → {"id": 1}',
      todo: ACCEPT,
    },
  ),
  rule(
    "optional-property-removed",
    { response: "warning", request: "warning" },
    {
      summary: "a property that was sometimes there is gone",
      what: "An optional property is not declared any more, or none of the live answers has it although chance would have shown some.",
      why: "Code that reads it where it is there never sees it again.",
      example: "email in 60 % of answers → in none",
      todo: ACCEPT,
    },
  ),
  rule(
    "property-renamed",
    { response: "error", request: "error" },
    {
      summary: "a property seems to have a new name",
      what: "One property is gone, and one of the same type is new beside it.",
      why: "Code that reads the old name gets undefined.",
      example: '{"created": 1} → {"created_at": 1}',
      todo: ACCEPT,
    },
  ),
  rule(
    "property-added",
    { response: "info", request: "info" },
    {
      summary: "a new property",
      what: "An optional property that the contract does not know.",
      why: "Nothing breaks, unless the consumer's schema is strict.",
      example: '{"id": 1} → {"id": 1, "region": "eu"}',
      todo: ACCEPT,
    },
  ),
  rule(
    "required-property-added",
    { response: "info", request: "error" },
    {
      summary: "a new property that must be there",
      what: "A property that the contract does not know is declared as required.",
      why: "Readers only get more; every request without it is refused, unless it has a default.",
      example: "required: [id] → required: [id, region]",
      todo: ACCEPT,
    },
  ),
  rule(
    "property-became-optional",
    { response: "error", request: "info" },
    {
      summary: "a property is not always there any more",
      what: "A property that is required, or was there in every recorded answer, is missing from some.",
      why: "Code that relies on it fails on those.",
      example: "email in 100 % of answers → in 60 %",
      todo: ACCEPT,
    },
  ),
  rule(
    "property-became-required",
    { response: "info", request: "error" },
    {
      summary: "an optional property is required now",
      what: "A property that was optional is required.",
      why: "Readers can rely on it; requests without it are refused, unless it has a default.",
      example: "required: [id] → required: [id, email]",
      todo: ACCEPT,
    },
  ),
  rule(
    "became-read-only",
    { response: "info", request: "warning" },
    {
      summary: "a property is in responses only now",
      what: "The property is marked `readOnly`.",
      why: "A request's value for it is ignored or refused.",
      example: "email → email (readOnly)",
      todo: ACCEPT,
    },
  ),
  rule(
    "became-not-read-only",
    { response: "info", request: "info" },
    {
      summary: "a property may be sent now",
      what: "The property is not marked `readOnly` any more.",
      why: "Nothing breaks: it may be sent, it need not.",
      example: "email (readOnly) → email",
      todo: ACCEPT,
    },
  ),
  rule(
    "became-write-only",
    { response: "error", request: "info" },
    {
      summary: "a property is in requests only now",
      what: "The property is marked `writeOnly`.",
      why: "Responses do not have it any more: code that reads it gets undefined.",
      example: "token → token (writeOnly)",
      todo: ACCEPT,
    },
  ),
  rule(
    "became-not-write-only",
    { response: "info", request: "info" },
    {
      summary: "a property is in responses now, too",
      what: "The property is not marked `writeOnly` any more.",
      why: "Readers get one more property.",
      example: "token (writeOnly) → token",
      todo: ACCEPT,
    },
  ),
  rule(
    "additional-opened",
    { response: "info", request: "info" },
    {
      summary: "further properties are allowed now",
      what: "A closed object may have properties that are not named.",
      why: "Strict readers refuse them; others do not notice.",
      example: "additionalProperties: false → true",
      todo: ACCEPT,
    },
  ),
  rule(
    "additional-closed",
    { response: "info", request: "error" },
    {
      summary: "further properties are not allowed any more",
      what: "An open object may have only the properties that are named.",
      why: "Requests with others are refused.",
      example: "additionalProperties: true → false",
      todo: ACCEPT,
    },
  ),
  rule(
    "pattern-property-removed",
    { response: "warning", request: "warning" },
    {
      summary: "properties of a name pattern are gone",
      what: "A pattern of `patternProperties` is not there any more.",
      why: "What was said about the values under such names does not hold any more.",
      example: "patternProperties: {^x-: string} → none",
      todo: ACCEPT,
    },
  ),
  rule(
    "pattern-property-added",
    { response: "info", request: "warning" },
    {
      summary: "properties of a name pattern are new",
      what: "A pattern of `patternProperties` is new.",
      why: "Values under such names have a type now; a sender's may not fit.",
      example: "none → patternProperties: {^x-: string}",
      todo: ACCEPT,
    },
  ),
  rule(
    "property-names-removed",
    { response: "info", request: "info" },
    {
      summary: "names of properties are free now",
      what: "`propertyNames` is not there any more.",
      why: "Code that relies on how keys look meets others.",
      example: "propertyNames: {pattern: ^[a-z]+$} → none",
      todo: ACCEPT,
    },
  ),
  rule(
    "property-names-added",
    { response: "info", request: "error" },
    {
      summary: "names of properties are restricted now",
      what: "`propertyNames` is new.",
      why: "Requests with other names are refused.",
      example: "none → propertyNames: {pattern: ^[a-z]+$}",
      todo: ACCEPT,
    },
  ),
  rule(
    "min-properties-decreased",
    { response: "info", request: "info" },
    {
      summary: "fewer properties are enough now",
      what: "`minProperties` is lower or gone.",
      why: "An object can be emptier than before.",
      example: "minProperties: 1 → 0",
      todo: ACCEPT,
    },
  ),
  rule(
    "min-properties-increased",
    { response: "info", request: "error" },
    {
      summary: "more properties are needed now",
      what: "`minProperties` is higher or new.",
      why: "Requests with fewer properties are refused.",
      example: "minProperties: 0 → 1",
      todo: ACCEPT,
    },
  ),
  rule(
    "max-properties-increased",
    { response: "info", request: "info" },
    {
      summary: "more properties are allowed now",
      what: "`maxProperties` is higher or gone.",
      why: "An object can be larger than before.",
      example: "maxProperties: 10 → none",
      todo: ACCEPT,
    },
  ),
  rule(
    "max-properties-decreased",
    { response: "info", request: "error" },
    {
      summary: "fewer properties are allowed now",
      what: "`maxProperties` is lower or new.",
      why: "Requests with more properties are refused.",
      example: "maxProperties: none → 10",
      todo: ACCEPT,
    },
  ),
  rule(
    "dependency-removed",
    { response: "warning", request: "info" },
    {
      summary: "a property does not imply another any more",
      what: "`dependentRequired` is not there any more for a pair of properties.",
      why: "Code that finds the one and reads the other may get undefined.",
      example: "card needs billing_address → does not",
      todo: ACCEPT,
    },
  ),
  rule(
    "dependency-added",
    { response: "info", request: "error" },
    {
      summary: "a property implies another now",
      what: "`dependentRequired` is new for a pair of properties.",
      why: "Requests with the one and without the other are refused.",
      example: "card needs billing_address",
      todo: ACCEPT,
    },
  ),
];
