import { describe, expect, test } from "vitest";
import { shapeAt } from "../../src/contract/adopt/at-path.ts";
import { Collector } from "../../src/contract/infer.ts";
import { amendmentOf, distinct, editAll, lineAfter } from "../../src/scaffold/adopt/amend.ts";
import { amendSamples } from "../../src/scaffold/adopt/samples.ts";

/** What answers like this one have at a path. */
function live(answer: unknown, path: string) {
  const collector = new Collector();
  collector.add(JSON.parse(JSON.stringify(answer)));
  return shapeAt(collector.shape(), path);
}

const source = `const Card = z.looseObject({
  id: z.string(),
  /** The last four digits. */
  last4: z.string(),
  kind: Kind, last: z.int(),
});
`;

function written(name: string) {
  const entry = new RegExp(`${name}: ([^,]*)`).exec(source);
  const start = entry?.index ?? 0;
  const end = start + (entry?.[0].length ?? 0);
  return {
    text: source,
    value: { start: end - (entry?.[1]?.length ?? 0), end },
    property: { entry: { start, end }, name: { start, end: start + name.length } },
  };
}

function amended(name: string, finding: Parameters<typeof amendmentOf>[0], answer: unknown): string {
  const edit = amendmentOf(finding, written(name), live(answer, `$.${name}`));
  return edit ? editAll(source, [edit]) : source;
}

describe("a consumer schema is amended so that it takes what the API returns now", () => {
  test("a property that is gone goes, with its comment", () => {
    expect(amended("last4", { rule: "contract/property-removed" }, {})).toBe(
      source.replace("  /** The last four digits. */\n  last4: z.string(),\n", ""),
    );
    expect(amended("last", { rule: "contract/property-removed" }, {})).toBe(
      source.replace(" last: z.int(),", " "),
    );
  });

  test("a property that may have been missing by chance stays, as optional", () => {
    const thin = { rule: "contract/property-removed", evidence: { thin: true } };
    expect(amended("kind", thin, {})).toContain("kind: Kind.optional(),");
  });

  test("null, absence and a new name are said as people say them", () => {
    expect(amended("kind", { rule: "contract/became-nullable" }, { kind: null })).toContain(
      "kind: Kind.nullable(),",
    );
    expect(amended("id", { rule: "contract/property-became-optional" }, { id: "a" })).toContain(
      "id: z.string().optional(),",
    );
    expect(amended("id", { rule: "contract/property-renamed", after: "key-id" }, {})).toContain(
      '"key-id": z.string(),',
    );
  });

  test("another type is written as the answers have it, objects where they stand", () => {
    const answer = { last4: { digits: "1234", of: [{ bank: 1 }] } };
    expect(amended("last4", { rule: "contract/type-changed" }, answer)).toContain(
      [
        "  last4: z.looseObject({",
        "    digits: z.string(),",
        "    of: z.array(z.looseObject({",
        "      bank: z.int(),",
        "    })),",
        "  }),",
      ].join("\n"),
    );
  });

  test("null and absence at one place are both said, each once", () => {
    const place = live({ kind: null }, "$.kind");
    const edits = [
      "contract/became-nullable",
      "contract/property-became-optional",
      "contract/became-nullable",
    ]
      .map((rule) => amendmentOf({ rule }, written("kind"), place))
      .filter((edit) => edit !== undefined);
    expect(editAll(source, distinct(edits))).toContain("kind: Kind.nullable().optional(),");
  });

  test("what follows a place that is written anew is part of it", () => {
    const place = live({ kind: 1 }, "$.kind");
    const edits = ["contract/type-changed", "contract/became-nullable"]
      .map((rule) => amendmentOf({ rule }, written("kind"), place))
      .filter((edit) => edit !== undefined);
    expect(editAll(source, distinct(edits))).toContain("kind: z.int(), last");
  });

  test.each([
    ['z.enum(["a", "b"])', 'z.enum(["a", "b", "new", "newer"])'],
    ['z.union([z.enum(["a"]), z.string()])', 'z.union([z.enum(["a", "new", "newer"]), z.string()])'],
    ["z.enum([])", 'z.enum(["new"])'],
    ['z.enum([\n  "a",\n  "b",\n])', 'z.enum([\n  "a",\n  "b",\n  "new",\n  "newer",\n])'],
    ['z.enum([\n  "a"\n])', 'z.enum([\n  "a",\n  "new",\n  "newer"\n])'],
  ])("new values join the list of an enum as the others stand in it: %j", (text, expected) => {
    const members = { start: text.indexOf("[", text.indexOf("enum")), end: text.indexOf("]") + 1 };
    const values = text.includes("[]") ? ["new"] : ["new", "newer"];
    const edits = values.flatMap(
      (after) =>
        amendmentOf(
          { rule: "contract/enum-value-added", after: JSON.stringify(after) },
          { text, value: { start: 0, end: text.length }, members },
          undefined,
        ) ?? [],
    );
    expect(editAll(text, distinct(edits))).toBe(expected);
  });

  test("lines are told as they are after all edits", () => {
    const gone = amendmentOf({ rule: "contract/property-removed" }, written("last4"), undefined);
    const kind = amendmentOf(
      { rule: "contract/became-nullable" },
      written("kind"),
      live({ kind: null }, "$.kind"),
    );
    expect(gone && kind && lineAfter(source, [gone, kind], kind)).toBe(3);
  });
});

describe("the samples of an offline test", () => {
  const text = `test("list", async () => {
  const sample = {
    data: [
      {
        id: "a",
        amount: 12,
      },
    ],
  };
  const data = await shop.listThings();
});
`;
  const edit = (endpoint: string, path: string, answer: unknown) =>
    editAll(text, amendSamples(text, [{ endpoint, path, live: live(answer, path) }]));

  test("get what is answered now, in every item, and lose what is gone", () => {
    const path = "$.data[*].amount";
    expect(edit("list-things", path, { data: [{ amount: "1.00" }] })).toBe(text.replace("12", '"text"'));
    expect(edit("list-things", path, { data: [{}] })).toBe(text.replace("        amount: 12,\n", ""));
  });

  test("of other endpoints stay", () => {
    expect(edit("get-thing", "$.data[*].amount", { data: [{}] })).toBe(text);
  });
});
