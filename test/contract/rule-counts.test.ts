import { expect, test } from "vitest";
import { RULES } from "../../src/contract/rules/table.ts";
import { FILE_CASES } from "../commands/diff/file-cases.ts";
import { DOCUMENT_CASES, DOCUMENT_SETTINGS, VERSION_CASES } from "./document/document-cases.ts";
import { LIVE_CASES } from "./live-cases.ts";
import { PLACES, RULE_CASES } from "./rule-cases.ts";

/** How often a rule is seen to speak, and to stay silent where a neighbouring change or none is fine. */
interface Tried {
  speaks: number;
  silent: number;
}

function tried(): Map<string, Tried> {
  const counts = new Map<string, Tried>();
  const add = (rule: string, { speaks = 0, silent = 0 }: Partial<Tried>) => {
    const known = counts.get(rule) ?? { speaks: 0, silent: 0 };
    counts.set(rule, { speaks: known.speaks + speaks, silent: known.silent + silent });
  };
  // Each place once; unchanged schemas, before and after, are the neighbours.
  for (const [rule] of RULE_CASES) add(rule, { speaks: PLACES.length, silent: 2 });
  for (const [rule, , , , severity] of LIVE_CASES)
    add(rule, severity === undefined ? { silent: 1 } : { speaks: 1 });
  for (const [rule, , , severity] of VERSION_CASES)
    add(rule, severity === undefined ? { silent: 1 } : { speaks: 1 });
  for (const [rule, , , severity] of FILE_CASES)
    add(rule, severity === undefined ? { silent: 1 } : { speaks: 1 });
  for (const [, , , , ...ways] of DOCUMENT_CASES) {
    const names = ways.map((lines) => new Set(lines.map((line) => line.split(" ")[1] ?? "")));
    for (const rule of new Set(names.flatMap((own) => [...own]))) {
      const speaks = names.filter((own) => own.has(rule)).length;
      // Where nothing changed it is silent, and where the change is the other way round unless that is one too.
      add(rule, {
        speaks: speaks * DOCUMENT_SETTINGS.length,
        silent: (3 - speaks) * DOCUMENT_SETTINGS.length,
      });
    }
  }
  return counts;
}

test.each(RULES.map(({ id }) => id.replace("contract/", "")))(
  "%s has four cases, from both sides",
  (rule) => {
    const { speaks = 0, silent = 0 } = tried().get(rule) ?? {};
    expect(speaks).toBeGreaterThan(0);
    expect(silent).toBeGreaterThan(0);
    expect(speaks + silent).toBeGreaterThanOrEqual(4);
  },
);

test("every rule is documented in full", () => {
  for (const { id, summary, what, why, example, todo, severity } of RULES) {
    expect([id, [summary, what, why, example, todo].every((text) => text.length > 3)]).toEqual([id, true]);
    expect([id, Object.values(severity).some((one) => one !== "off")]).toEqual([id, true]);
  }
});
