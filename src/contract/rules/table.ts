import { DOCUMENT_RULES } from "./document.ts";
import { LIFECYCLE_RULES } from "./lifecycle.ts";
import { LIVE_RULES } from "./live.ts";
import { PROPERTY_RULES } from "./properties.ts";
import type { Rule } from "./rule.ts";
import { TYPE_RULES } from "./types.ts";
import { VALUE_RULES } from "./values.ts";

/** Every rule about contracts, sorted by id. */
export const RULES: readonly Rule[] = [
  ...PROPERTY_RULES,
  ...TYPE_RULES,
  ...VALUE_RULES,
  ...LIFECYCLE_RULES,
  ...LIVE_RULES,
  ...DOCUMENT_RULES,
].sort((a, b) => (a.id < b.id ? -1 : 1));

const BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]));

/** The rule of an id, or undefined. */
export const ruleOf = (id: string): Rule | undefined => BY_ID.get(id);
