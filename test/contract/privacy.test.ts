import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordContract } from "../../src/contract/record.ts";
import type { Json } from "../../src/contract/shape.ts";
import { formatContract } from "../../src/contract/store.ts";
import { hasCorpus, type Recorded, recordedAnswers, sampleOf } from "./corpus.ts";
import { APIS } from "./drift/apis.ts";
import { sample } from "./drift/evaluate.ts";
import { Random } from "./drift/random.ts";
import { isObject } from "./drift/survey.ts";

const about = { request: "GET /", title: "privacy" };

const contractText = (answers: readonly Json[]): string =>
  formatContract(recordContract(answers.map(sample), about));

interface Said {
  /** Names of properties. */
  names: Set<string>;
  /** Members of closed sets. */
  members: Set<string>;
  /** Every other text. */
  others: Set<string>;
}

/** Every text that a contract holds, by what it is there. */
function said(text: string): Said {
  const all: Said = { names: new Set(), members: new Set(), others: new Set() };
  const visit = (schema: Json): void => {
    if (typeof schema === "string") all.others.add(schema);
    if (Array.isArray(schema)) schema.forEach(visit);
    if (!isObject(schema)) return;
    for (const [keyword, value] of Object.entries(schema)) {
      if (keyword === "enum" || keyword === "const")
        for (const one of [value].flat()) all.members.add(String(one));
      else if (keyword === "properties" && isObject(value)) {
        for (const [name, inner] of Object.entries(value)) {
          all.names.add(name);
          visit(inner);
        }
      } else if (keyword !== "required" && keyword !== "x-integ") visit(value);
    }
  };
  visit(JSON.parse(text));
  return all;
}

const KEYWORDS =
  /^(?:https:\/\/json-schema\.org\/.*|null|boolean|integer|number|string|array|object|date(?:-time)?|uuid|ipv4|email|uri|GET \/|privacy|\^.*|.*\$)$/;

/** What a person is known by, and what opens a door. */
const PERSONAL: readonly RegExp[] = [
  /[^\s@]+@[^\s@]+\.[a-z]+/i,
  /^\+?\d[\d ().-]{4,}$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-/i,
  /^\d{1,3}(?:\.\d{1,3}){3}$/,
  /^(?=(?:.*\d){4})(?=.*[A-Za-z])[A-Za-z0-9]{20,}$/,
];

const looksPersonal = (text: string): boolean => PERSONAL.some((look) => look.test(text));

const r = new Random(5);
/** Values that came into an answer by people and their keys. */
const personal = fc.constantFrom(
  ...Array.from({ length: 40 }, () => [
    r.email(),
    `+43${r.text(9, "0123456789")}`,
    r.uuid(),
    `cus_${r.text(14)}9x`,
    r.text(32),
    ["key", "live", r.text(24)].join("_"),
    String(r.int(1e6, 1e9)),
    `10.0.${r.int(0, 255)}.${r.int(0, 255)}`,
  ]).flat(),
);

describe("what a contract never holds", () => {
  test("a value, unless it is a member of a closed set", () => {
    for (const [index, api] of APIS.entries()) {
      const random = new Random(index);
      const text = contractText(Array.from({ length: 60 }, () => api.response(random)));
      const odd = [...said(text).others].filter((one) => !KEYWORDS.test(one));
      expect(odd, api.name).toEqual([]);
    }
  });

  test("a mail address, phone number, id or key, whatever property it is the value of", () => {
    const property = fc.constantFrom("status", "type", "kind", "plan", "value", "x", "object", "event");
    const answers = fc.array(fc.dictionary(property, personal, { minKeys: 1, maxKeys: 4 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(answers, fc.integer({ min: 1, max: 60 }), (few, times) => {
        const { members, others } = said(contractText(Array.from({ length: times }, () => few).flat()));
        expect([...members, ...others].filter(looksPersonal)).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  test("one as the name of a property, alone, with its like, or beside ordinary names", () => {
    const ordinary = fc.constantFrom("count", "total", "items");
    const inner = fc.constantFrom<Json>(1, "a", true, { n: 1 }, [1]);
    const map = fc.tuple(
      fc.dictionary(personal, inner, { minKeys: 1, maxKeys: 4 }),
      fc.dictionary(ordinary, inner, { maxKeys: 2 }),
    );
    const answers = fc.array(
      map.map(([ids, words]) => ({ users: { ...ids, ...words } })),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(answers, (few) => {
        expect([...said(contractText(few)).names].filter(looksPersonal)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test.runIf(hasCorpus)("one of those in real answers", () => {
    const groups = new Map<string, Recorded[]>();
    for (const one of recordedAnswers()) {
      const key = `${one.provider} ${one.endpoint} ${one.status}`;
      if (one.json) groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    const found = [...groups].flatMap(([key, answers]) => {
      const { names, members, others } = said(formatContract(recordContract(answers.map(sampleOf), about)));
      return [...names, ...members, ...others].filter(looksPersonal).map((one) => `${key}: ${one}`);
    });
    expect(found).toEqual([]);
  });
});
