import { LIVE_RULES } from "./live.ts";
import type { Rule } from "./rule.ts";
import { SHAPE_RULES } from "./shape.ts";

/** Every rule about contracts, sorted by id. */
export const RULES: readonly Rule[] = [...SHAPE_RULES, ...LIVE_RULES].sort((a, b) => (a.id < b.id ? -1 : 1));

const BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]));

/** The rule of an id, or undefined. */
export const ruleOf = (id: string): Rule | undefined => BY_ID.get(id);
