import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RULES } from "../../src/contract/rules/table.ts";
import { FILE_CASES } from "../commands/diff/file-cases.ts";
import { DOCUMENT_CASES, VERSION_CASES } from "./document/document-cases.ts";
import { LIVE_CASES } from "./live-cases.ts";
import { RULE_CASES } from "./rule-cases.ts";

/** The pairs of an old and a new state that are written down for a rule: by which it speaks, and at which it stays silent. */
interface Tried {
  speaks: Set<string>;
  silent: Set<string>;
}

/** Rules that speak of a change whichever way it goes: their neighbour is that nothing changed, which their own tests try. */
const isSymmetric = (rule: string): boolean => /-changed$|^not-judged$|^media-type-renamed$/.test(rule);

/**
 * Only what is written counts, and each pair once: that a case is tried at four places, in two settings and with nothing changed makes
 * no more of it.
 */
function tried(): Map<string, Tried> {
  const all = new Map<string, Tried>();
  const add = (rule: string, how: keyof Tried, ...pair: unknown[]) => {
    const known = all.get(rule) ?? { speaks: new Set(), silent: new Set() };
    known[how].add(JSON.stringify(pair));
    all.set(rule, known);
  };
  for (const [rule, before, after] of RULE_CASES) {
    add(rule, "speaks", before, after);
    add(rule, isSymmetric(rule) ? "speaks" : "silent", after, before);
  }
  for (const [rule, ...pair] of [...LIVE_CASES, ...VERSION_CASES, ...FILE_CASES])
    add(rule, pair.at(-1) === undefined ? "silent" : "speaks", ...pair);
  for (const [what, path, before, after, ...ways] of DOCUMENT_CASES) {
    const said = ways.map((lines) => lines.map((line) => line.split(" ")[1] ?? ""));
    for (const rule of new Set(said.flat())) {
      const how = (index: number) => (said[index]?.includes(rule) ? "speaks" : "silent");
      add(rule, how(0), what, path, before, after);
      add(rule, how(1), what, path, after, before);
    }
  }
  for (const { check, rules } of oasdiffRows()) for (const rule of rules) add(rule, "speaks", check);
  return all;
}

/** Checks of oasdiff for which two documents bring up one rule, and no other is named: `oasdiff.test.ts` tries them. */
function oasdiffRows(): { check: string; rules: string[] }[] {
  const table = readFileSync(new URL("../../docs/rules-oasdiff.md", import.meta.url), "utf8");
  return [...table.matchAll(/^\| `([^`]+)` *\| \w+ *\| \w+ *\| `contract\/([a-z-]+)` *\|/gm)].map(
    ([, check = "", rule = ""]) => ({ check, rules: [rule] }),
  );
}

const TRIED = tried();

test.each(RULES.map(({ id }) => id.replace("contract/", "")))(
  "%s has four cases, from both sides",
  (rule) => {
    const { speaks, silent } = TRIED.get(rule) ?? { speaks: new Set(), silent: new Set() };
    expect(speaks.size).toBeGreaterThan(0);
    if (!isSymmetric(rule)) expect(silent.size).toBeGreaterThan(0);
    expect(speaks.size + silent.size).toBeGreaterThanOrEqual(4);
  },
);

test("every rule is documented in full", () => {
  for (const { id, summary, what, why, example, todo, severity } of RULES) {
    expect([id, [summary, what, why, example, todo].every((text) => text.length > 3)]).toEqual([id, true]);
    expect([id, Object.values(severity).some((one) => one !== "off")]).toEqual([id, true]);
  }
});
