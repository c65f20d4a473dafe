import { describe, expect, test } from "vitest";
import {
  type Catalogued,
  catalogRow,
  outdatedRows,
  updateCatalog,
  wholeCatalog,
} from "../../src/scaffold/catalog.ts";

const STRIPE: Catalogued = {
  name: "stripe",
  purpose: "Payments",
  owner: "Engineering",
  active: "v2",
  canary: { version: "v3", share: 0.1 },
  versions: [{ name: "v1", deprecated: { sunset: "2027-03-01" } }, { name: "v2" }, { name: "v3" }],
  baseUrl: { dev: "https://test.example.com", prod: "https://example.com" },
  rotates: true,
};
const ENVIRONMENTS = ["dev", "staging", "prod"];
const day = (today: string) => ({ directory: "src/integrations", today });
const rowsOf = (text: string) => text.split("\n").filter((line) => line.startsWith("| ["));

describe("a row of the catalog", () => {
  test("names the active version first, and what the others are there for", () => {
    const due = { dueAt: Date.parse("2027-02-20T10:00:00Z"), environment: "prod" };
    expect(catalogRow(STRIPE, ENVIRONMENTS, due)).toEqual({
      name: "stripe",
      purpose: "Payments",
      owner: "Engineering",
      versions: "v2, v3 canary 10%, v1 deprecated until 2027-03-01",
      environments: "dev, prod",
      rotation: "2027-02-20 prod",
      status: "active",
    });
  });

  test("has every environment where one address serves all, and no due date before there is a value", () => {
    const row = catalogRow({ ...STRIPE, baseUrl: { "*": "https://example.com" } }, ENVIRONMENTS);
    expect(row).toMatchObject({ environments: "dev, staging, prod", rotation: "no value yet" });
    expect(catalogRow({ ...STRIPE, rotates: false }, ENVIRONMENTS).rotation).toBe("none");
  });

  test("is deprecated where the version in use is", () => {
    expect(catalogRow({ ...STRIPE, active: "v1" }, ENVIRONMENTS).status).toBe("deprecated");
  });

  test("lets no text out of its cell", () => {
    const row = catalogRow({ ...STRIPE, purpose: "Pay | [x](javascript:1)\n<b>" }, ENVIRONMENTS);
    expect(updateCatalog(undefined, row, day("2026-01-01"))).toContain(
      "| Pay \\| \\[x\\](javascript:1) \\<b\\> |",
    );
  });
});

describe("INTEGRATIONS.md", () => {
  const a = catalogRow({ ...STRIPE, name: "a" }, ENVIRONMENTS);
  const b = catalogRow({ ...STRIPE, name: "b" }, ENVIRONMENTS);

  test("changes one row at a time, and its date only with what it says", () => {
    const first = updateCatalog("# Ours\n", b, day("2026-01-01"));
    const second = updateCatalog(first, a, day("2026-01-02"));
    expect(rowsOf(second)).toHaveLength(2);
    expect(rowsOf(second)[1]).toBe(rowsOf(first)[0]);
    expect(second).toMatch(/^# Ours\n/);
    expect(updateCatalog(second, a, day("2026-05-05"))).toBe(second);
    expect(updateCatalog(second, { ...a, owner: "Shop" }, day("2026-05-05"))).toContain("| Shop |");
    expect(updateCatalog(second, { ...a, owner: "Shop" }, day("2026-05-05"))).toContain("| 2026-05-05 |");
  });

  test("as a whole has the project's integrations and no others; every date of what stayed stays", () => {
    const before = wholeCatalog(undefined, [a, b], day("2026-01-01"));
    const after = wholeCatalog(before, [b], day("2026-05-05"));
    expect(rowsOf(after)).toEqual([rowsOf(before)[1]]);
    expect(wholeCatalog(after, [b], day("2026-06-06"))).toBe(after);
  });

  test("is outdated where a row lacks, differs or is too many, and not for a rotation that moved", () => {
    const text = wholeCatalog(undefined, [a, b], day("2026-01-01"));
    expect(outdatedRows(text, [a, b], "src/integrations")).toEqual([]);
    expect(outdatedRows(text, [{ ...a, rotation: "2027-09-09 dev" }, b], "src/integrations")).toEqual([]);
    expect(outdatedRows(text, [{ ...a, owner: "Shop" }, b], "src/integrations")).toEqual(["a"]);
    expect(outdatedRows(text, [a], "src/integrations")).toEqual(["b"]);
    expect(outdatedRows("", [a], "src/integrations")).toEqual(["a"]);
  });
});
