import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { compareDocuments, type DocumentChange } from "../../../src/contract/document/compare-documents.ts";
import { findingsOf } from "../../../src/contract/document/findings.ts";
import { type Access, loadDocument } from "../../../src/contract/document/load.ts";
import { ruleOf } from "../../../src/contract/rules/table.ts";

interface Pair {
  old: string;
  new: string;
}

const data = resolve(import.meta.dirname, "../../../../shared/data");
const listed = `${data}/pairs.json`;
const present = existsSync(listed);

function isPairs(value: unknown): value is Pair[] {
  return (
    Array.isArray(value) &&
    value.every((pair) => typeof pair?.old === "string" && typeof pair?.new === "string")
  );
}

function pairs(): Pair[] {
  const parsed: unknown = present ? JSON.parse(readFileSync(listed, "utf8")) : [];
  // Sample objects that lie among the documents are no documents.
  return isPairs(parsed) ? parsed.filter(({ old }) => !old.includes("fixtures")) : [];
}

const access: Access = {
  cwd: data,
  readFile: async (path) => (path.endsWith(".gz") ? gunzipSync(readFileSync(path)) : readFileSync(path)),
  readUrl: async () => {
    throw new Error("no network in this test");
  },
};

/** Loads what is asked for, once where it is asked for twice in a row: what one pair ends with, the next one begins with. */
function loadedOnce(): (path: string) => ReturnType<typeof loadDocument> {
  let last: { path: string; document: ReturnType<typeof loadDocument> } | undefined;
  return (path) => {
    if (last?.path !== path) last = { path, document: loadDocument(path, access) };
    return last.document;
  };
}

const DOCS = readFileSync(new URL("../../../docs/real-documents.md", import.meta.url), "utf8").replace(
  /\s+/g,
  " ",
);

/** Sentences of the documentation that begin with a number, and what they count. */
type Counts = readonly (readonly [text: string, counted: (change: DocumentChange) => boolean])[];

const COUNTED: readonly (readonly [old: string, fresh: string, counts: Counts])[] = [
  [
    "specs/stripe/spec3@2020-03-04.json.gz",
    "specs/stripe/spec3@2020-08-28.json.gz",
    [
      ["693 changes", () => true],
      ["192 of them can break somebody", ({ breaks }) => breaks],
    ],
  ],
  [
    "specs/dnsimple/openapi@2025-05-23.yaml.gz",
    "specs/dnsimple/openapi@2026-06-03.yaml.gz",
    [
      [
        "415 infos, one for each place",
        ({ rule, direction }) => rule === "contract/property-became-required" && direction === "response",
      ],
      [
        "26 errors",
        ({ rule, where, breaks }) => breaks && where.startsWith("request body") && /required/.test(rule),
      ],
    ],
  ],
];

describe("real documents", () => {
  test.runIf(present)(
    "every pair is compared: all rules are known, and at most 1 % of the pairs of schemas stays inconclusive",
    { timeout: 240_000 },
    async () => {
      const load = loadedOnce();
      let compared = 0;
      let inconclusive = 0;
      for (const [index, pair] of pairs().entries()) {
        const before = await load(pair.old);
        const after = await load(pair.new);
        const comparison = compareDocuments(before, after, { today: "2026-01-01" });
        expect(
          comparison.changes.filter(({ rule }) => !ruleOf(rule)),
          pair.new,
        ).toEqual([]);
        // Looking for lines is the slow part of YAML; a quarter of the documents shows that it works.
        if (index % 4 === 0) findingsOf(comparison.changes, { before: before.locator, after: after.locator });
        compared += comparison.pairs;
        inconclusive += comparison.inconclusive;
      }
      // As documented.
      expect(DOCS).toContain(`${pairs().length} pairs of real OpenAPI documents`);
      expect(DOCS).toContain(
        `of ${(Math.round(compared / 100) * 100).toLocaleString("en")} pairs of schema nodes`,
      );
      expect(inconclusive).toBeLessThanOrEqual(compared / 100);
    },
  );

  test.runIf(present).each(COUNTED)(
    "of %s → %s the documentation counts what is found",
    { timeout: 60_000 },
    async (old, fresh, counts) => {
      const [a, b] = [await loadDocument(old, access), await loadDocument(fresh, access)];
      const { changes } = compareDocuments(a, b, { today: "2026-01-01" });
      for (const [text, counted] of counts) {
        expect(DOCS).toContain(text);
        expect([text, changes.filter(counted).length]).toEqual([text, Number.parseInt(text, 10)]);
      }
    },
  );

  test.runIf(present)("a document compared with itself has not changed", { timeout: 120_000 }, async () => {
    for (const { new: path } of pairs().filter((_, index) => index % 8 === 0)) {
      const [a, b] = [await loadDocument(path, access), await loadDocument(path, access)];
      expect(compareDocuments(a, b).changes, path).toEqual([]);
    }
  });
});
