import type { Draft } from "./draft.ts";
import { parseJsonObject, setField } from "./forms.ts";
import { type KnownHeader, LISTED_WINDOWS } from "./known.ts";
import type { Reading } from "./reading.ts";
import { parseList, splitOutside } from "./structured.ts";
import { parseCount } from "./values.ts";

function readUsedOfLimit(draft: Draft, header: string, text: string): boolean {
  const [, used, limit] = /^\s*(\d+)\s*\/\s*(\d+)/.exec(text) ?? [];
  if (used === undefined || limit === undefined) return false;
  draft.used = Number(used);
  draft.limit = Number(limit);
  draft.remaining = Math.max(0, draft.limit - draft.used);
  draft.source.push(header);
  return true;
}

/** Reads a header that follows no family. */
export function readKnown(reading: Reading, known: KnownHeader, header: string, text: string): boolean {
  const at = (name: string) => reading.drafts.at("", name);
  switch (known.kind) {
    case "field": {
      const draft = at(known.name);
      if (known.windowSeconds !== undefined) draft.windowSeconds ??= known.windowSeconds;
      if (known.unit !== undefined) draft.unit ??= known.unit;
      if (!setField(draft, known.field, text)) return false;
      draft.source.push(header);
      return true;
    }
    case "used-of-limit":
      return readUsedOfLimit(at(known.name), header, text);
    case "named-used-of-limit":
      return splitOutside(text, ";")
        .map((pair) => /^([\w-]+)=(.+)$/.exec(pair))
        .map((match) => match !== null && readUsedOfLimit(at(match[1] ?? ""), header, match[2] ?? ""))
        .some(Boolean);
    case "named-remaining":
      return parseList(text)
        .map(({ value, params }) => {
          const draft = at(value);
          const [remaining = ""] = Object.keys(params);
          if (!setField(draft, "remaining", remaining)) return false;
          draft.source.push(header);
          return true;
        })
        .some(Boolean);
    case "rate": {
      const rate = parseCount(text);
      if (rate === undefined) return false;
      const draft = at(known.name);
      draft.ratePerSecond = rate;
      draft.source.push(header);
      return true;
    }
    case "percentages": {
      const percentages = Object.entries(parseJsonObject(text) ?? {}).filter(
        ([, value]) => typeof value === "number" && value >= 0,
      );
      for (const [name, value] of percentages) {
        Object.assign(at(name.replaceAll("_", "-")), {
          used: value,
          limit: 100,
          remaining: Math.max(0, 100 - Number(value)),
          unit: "percent",
        });
        at(name.replaceAll("_", "-")).source.push(header);
      }
      return percentages.length > 0;
    }
  }
}

/** `200,2000` in the limit with `28,93` in the usage: one quota for each place in the lists. */
export function readListed(reading: Reading, headers: ReadonlyMap<string, string>): Set<string> {
  const consumed = new Set<string>();
  for (const [family, names] of Object.entries(LISTED_WINDOWS)) {
    const source = [`${family}-limit`, `${family}-usage`];
    if (!source.every((header) => headers.has(header))) continue;
    const [limits = [], usages = []] = source.map((header) =>
      (headers.get(header) ?? "").split(",").map((part) => parseCount(part)),
    );
    if (limits.length !== names.length || usages.length !== names.length) continue;
    for (const [index, { name, windowSeconds }] of names.entries()) {
      const [limit, used] = [limits[index], usages[index]];
      if (limit === undefined || used === undefined) continue;
      const draft = reading.drafts.at(family, name);
      Object.assign(draft, {
        name,
        windowSeconds,
        limit,
        used,
        remaining: Math.max(0, limit - used),
        source: [...source],
      });
      for (const header of source) consumed.add(header);
    }
  }
  return consumed;
}
