import { CORE_SCHEMA, load } from "js-yaml";
import { parseSource, type Source } from "./source.ts";

const MAX_CHARACTERS = 1_000_000;

/**
 * What the two parsers, or the rules of our files, could see differently: anchors, tags, block scalars and whatever else
 * begins with an indicator; documents; tabs; odd line breaks; collections and nothing as keys; numbers with underscores
 * or signs before a nought.
 */
const EXOTIC =
  /(?:^|[\s,[{:-])(?:[&*!|>@`%]|\?\s|[-+]?\d[\d_]*_|[-+]?0b|[-+]0)|^(?:---|\.\.\.|[\]}])|\t|\r(?!\n)|[\u0085\u2028\u2029]|[\]}]\s*:|(?:^|[{,])\s*(?:~|null|Null|NULL)?\s*:(?:\s|$)|<<|__proto__/m;

function quickValue(text: string): Record<string, unknown> | undefined {
  if (text.length > MAX_CHARACTERS || EXOTIC.test(text)) return undefined;
  try {
    const value: unknown = load(text, { schema: CORE_SCHEMA });
    const isMapping = typeof value === "object" && value !== null && !Array.isArray(value);
    return isMapping ? { ...value } : undefined;
  } catch {
    // What is wrong, and where, says the parser that knows places.
    return undefined;
  }
}

/**
 * As `parseSource`, several times as fast for a long file without exotic YAML: places are only looked for once somebody asks
 * for one.
 */
export function quickSource(name: string, raw: string): Source {
  const value = quickValue(raw.replace(/^\ufeff/, ""));
  if (value === undefined) return parseSource(name, raw);
  let whole: Source | undefined;
  const placed = () => {
    whole ??= parseSource(name, raw);
    return whole;
  };
  return {
    name,
    value,
    problems: [],
    locate: (place) => placed().locate(place),
    problem: (...asked) => placed().problem(...asked),
  };
}
