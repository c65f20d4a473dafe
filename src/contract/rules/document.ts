import { ENDPOINT_RULES } from "./document-endpoints.ts";
import { PARAMETER_RULES } from "./document-parameters.ts";
import { RESPONSE_RULES } from "./document-responses.ts";
import { SECURITY_RULES } from "./document-security.ts";
import type { Rule } from "./rule.ts";

/** Rules about everything in an OpenAPI document but the schemas, which `shape.ts` has. */
export const DOCUMENT_RULES: readonly Rule[] = [
  ...ENDPOINT_RULES,
  ...PARAMETER_RULES,
  ...RESPONSE_RULES,
  ...SECURITY_RULES,
];
