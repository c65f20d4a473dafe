import { describe, expect, test } from "vitest";
import { judge, type Sample } from "../../src/contract/judge.ts";
import { recordContract } from "../../src/contract/record.ts";
import { RULES } from "../../src/contract/rules/table.ts";
import { answer, contractOf, times, verdicts } from "./samples.ts";

const customer = (n: number) => ({
  id: `cus_${n}aB3dE5fG7hI9`,
  email: `u${n}@example.com`,
  created: 1_714_557_600 + n,
  balance: n * 7,
  status: ["open", "closed"][n % 2],
  phone: n % 2 ? "1" : null,
  address: { city: "Rome", zip: "00100" },
  tags: ["a"],
});
type Customer = ReturnType<typeof customer>;
const recorded = times(40, customer);
const live = (change: (one: Customer, n: number) => unknown, count = 20) =>
  times(count, (n) => change(customer(n + 100), n));

describe("drift that is certain", () => {
  test.each<[string, unknown[], string[]]>([
    ["a property gone", live(({ email: _, ...rest }) => rest), ["error property-removed $.email"]],
    [
      "a property renamed",
      live(({ email, ...rest }) => ({ ...rest, email_address: email })),
      ["error property-renamed $.email"],
    ],
    [
      "a property gone from half",
      live((one, n) => (n % 2 ? one : without(one, "email"))),
      ["error property-became-optional $.email"],
    ],
    [
      "null where there never was",
      live((one) => ({ ...one, email: null })),
      ["error became-nullable $.email"],
    ],
    [
      "null in half",
      live((one, n) => (n % 2 ? one : { ...one, email: null })),
      ["error became-nullable $.email"],
    ],
    [
      "a number in a string",
      live((one) => ({ ...one, balance: String(one.balance) })),
      ["error type-changed $.balance"],
    ],
    [
      "an object wrapped in an array",
      live((one) => ({ ...one, address: [one.address] })),
      ["error envelope-changed $.address"],
    ],
    ["the body wrapped", live((one) => ({ data: one })), ["error property-removed"]],
    [
      "another type beside the old one",
      live((one, n) => (n % 2 ? one : { ...one, balance: "many" })),
      ["error type-added $.balance"],
    ],
    [
      "fractions",
      live((one) => ({ ...one, balance: one.balance + 0.5 })),
      ["warning integer-became-number $.balance"],
    ],
    [
      "seconds to milliseconds",
      live((one) => ({ ...one, created: one.created * 1000 })),
      ["error scale-changed $.created"],
    ],
    [
      "beyond 2^53",
      live((one) => ({ ...one, balance: 2 ** 60 + one.balance })),
      ["error unsafe-integer $.balance"],
    ],
    [
      "another prefix",
      live((one, n) => ({ ...one, id: `cust_${n}aB3dE5fG7hI9` })),
      ["warning format-changed $.id"],
    ],
    [
      "a new value",
      live((one, n) => (n % 2 ? one : { ...one, status: "archived" })),
      ["warning enum-value-added $.status"],
    ],
    [
      "something below",
      live((one) => ({ ...one, address: { city: "Rome" } })),
      ["error property-removed $.address.zip"],
    ],
  ])("%s", (_what, values, expected) => {
    const found = verdicts(recorded, values).filter((line) => !line.startsWith("info"));
    for (const line of expected) expect(found.some((one) => one.startsWith(line))).toBe(true);
    if (expected.length === 1 && !expected[0]?.endsWith("removed")) expect(found).toEqual(expected);
  });
});

describe("what is no drift", () => {
  test.each<[string, unknown[]]>([
    ["other data", live((one) => one)],
    ["another order of properties", live((one) => Object.fromEntries(Object.entries(one).reverse()))],
    ["longer arrays", live((one) => ({ ...one, tags: ["a", "b", "c"] }))],
    ["empty arrays", live((one) => ({ ...one, tags: [] }))],
    ["null where there was some", live((one) => ({ ...one, phone: null }))],
    ["no null where there was some", live((one) => ({ ...one, phone: "2" }))],
  ])("%s", (_what, values) => {
    expect(verdicts(recorded, values)).toEqual([]);
  });

  test("a new property is an info", () => {
    expect(
      verdicts(
        recorded,
        live((one) => ({ ...one, region: "eu" })),
      ),
    ).toEqual(["info property-added $.region"]);
  });

  test("one miss of a property that was always there is an info", () => {
    const values = live((one, n) => (n === 3 ? without(one, "email") : one));
    expect(verdicts(recorded, values)).toEqual(["info property-became-optional $.email"]);
  });

  test("an optional property that is rarer now stays silent", () => {
    const some = times(40, (n) => (n % 3 ? { id: 1 } : { id: 1, vat: "x" }));
    expect(
      verdicts(
        some,
        times(8, () => ({ id: 1 })),
      ),
    ).toEqual([]);
  });

  test("ids as names come and go", () => {
    const connections = (from: number) =>
      times(5, (n) => ({
        peers: { [`${from + n}00001`]: { up: true }, [`${from + n}00002`]: { up: false } },
      }));
    expect(verdicts(connections(1), connections(50))).toEqual([]);
  });

  test("an id in place of the object it names is another account's choice", () => {
    const charges = times(10, (n) => ({ customer: `cus_${n}aB3dE5fG7hI9` }));
    expect(verdicts(charges, [{ customer: { id: "cus_1", name: "x" } }])).toEqual([
      "info type-changed $.customer",
    ]);
  });

  test("a cursor is null on the last page", () => {
    const pages = times(20, (n) => ({ data: [{ id: n }], next_cursor: `c${n}` }));
    const last = times(20, () => ({ data: [{ id: 1 }], next_cursor: null }));
    expect(verdicts(pages, last)).toEqual(["info became-nullable $.next_cursor"]);
  });
});

describe("by how much there is to go on", () => {
  const gone = (n: number, m: number) =>
    verdicts(
      times(n, () => ({ id: 1, email: "x" })),
      times(m, () => ({ id: 1 })),
    );

  test.each([
    [1, 1, "info"],
    [5, 1, "warning"],
    [5, 5, "error"],
    [20, 2, "error"],
  ])("a property gone from %d recorded and %d live answers is %s", (n, m, severity) => {
    expect(gone(n, m)).toEqual([`${severity} property-removed $.email`]);
  });

  test("the counts and the probability are in the finding", () => {
    const [found] = judge({
      contract: contractOf(times(5, () => ({ id: 1, email: "x" }))),
      samples: times(5, () => answer({ id: 1 })),
    });
    expect(found?.evidence).toEqual({ n: 5, k: 5, m: 5, x: 0, p: 0.004, thin: true });
  });

  test("pages that are alike among themselves are no more than a warning while they are few", () => {
    const page = (owner: boolean) => times(30, (n) => (owner ? { id: n, owner: "x" } : { id: n }));
    expect(verdicts([page(true)], [page(false)])).toEqual(["warning property-removed $[*].owner"]);
  });
});

describe("objects that a tag tells apart", () => {
  const event = (n: number) => (n % 2 ? { type: "charge", amount: 1 } : { type: "customer", name: "x" });

  test("what is gone from one kind is seen, though the other kind never had it", () => {
    const values = times(40, (n) => (n % 2 ? { type: "charge" } : { type: "customer", name: "x" }));
    expect(verdicts(times(60, event), values)).toEqual(["error property-removed $.amount"]);
  });

  test("a new kind is a warning", () => {
    const values = times(40, (n) => (n % 2 ? event(n) : { type: "refund", reason: "x" }));
    expect(verdicts(times(60, event), values)).toEqual(["warning variant-added $"]);
  });
});

describe("answers as a whole", () => {
  const contract = contractOf(times(5, (n) => ({ id: n, name: "x", tags: [1] })));
  const said = (samples: Sample[], given = contract) =>
    judge({ contract: given, samples }).map(({ severity, rule }) => `${severity} ${rule}`);
  const ok = { id: 1, name: "x", tags: [1] };
  const none: Sample = { ...answer(ok), body: { kind: "empty" } };

  test.each<[string, Sample[], string[]]>([
    ["another success status", [answer(ok, { status: 202 })], ["error contract/status-changed"]],
    ["gone", [answer({}, { status: 410 })], ["error contract/endpoint-gone"]],
    ["an outage", [answer({}, { status: 503 })], ["inconclusive contract/not-answered"]],
    ["a spent quota", [answer({}, { status: 429 })], ["inconclusive contract/not-answered"]],
    ["a missing permission", [answer({}, { status: 403 })], ["inconclusive contract/not-authorized"]],
    ["an outage among good answers", [answer(ok), answer({}, { status: 503 })], []],
    ["an error under 200", [answer({ error: { code: 1 } })], ["inconclusive contract/error-in-success"]],
    [
      "HTML",
      [{ ...answer(ok), headers: { "content-type": "text/html" }, body: { kind: "html", text: "<html>" } }],
      ["error contract/content-type-changed"],
    ],
    ["errors under 200", [answer({ errors: ["no"] })], ["inconclusive contract/error-in-success"]],
    ["no success under 200", [answer({ ok: false })], ["inconclusive contract/error-in-success"]],
    [
      "what is no success beside all that was",
      [answer({ ...ok, ok: false })],
      ["info contract/property-added"],
    ],
    ["no body in one answer", [none], ["warning contract/body-missing"]],
    ["no body in two answers", [none, none], ["warning contract/body-missing"]],
    ["no body in three answers", [none, none, none], ["error contract/body-missing"]],
    ["no body in some of four", [answer(ok), none, none, none], ["warning contract/body-missing"]],
    [
      "broken JSON",
      [{ ...answer(ok), body: { kind: "invalid", reason: "not valid JSON", text: "{" } }],
      ["error contract/body-invalid"],
    ],
  ])("%s", (_what, samples, expected) => {
    expect(said(samples)).toEqual(expected);
  });

  test("text and no body are as good as they were recorded, and something else is not", () => {
    const text = (type: string): Sample => ({
      status: 200,
      headers: { "content-type": type },
      body: { kind: "text", text: "x" },
    });
    const empty: Sample = { status: 204, headers: {}, body: { kind: "empty" } };
    const about = { request: "GET /zen", title: "zen" };
    const plain = recordContract([text("text/plain; charset=utf-8")], about);
    const none = recordContract([empty], about);
    expect(said([text("text/plain")], plain)).toEqual([]);
    expect(said([text("text/csv")], plain)).toEqual(["error contract/content-type-changed"]);
    expect(said([empty], none)).toEqual([]);
    expect(said([{ ...text("text/plain"), status: 204 }], none)).toEqual([
      "error contract/content-type-changed",
    ]);
  });

  test("few answers without a body say that they are few", () => {
    expect(judge({ contract, samples: [none] })[0]?.message).toContain("few samples");
    expect(judge({ contract, samples: [none, none, none] })[0]?.message).not.toContain("few samples");
  });

  test("ok that was always there and is false now, with the rest gone, is an error body and no storm", () => {
    const slack = contractOf(times(5, () => ({ ok: true, channels: [], cursor: "" })));
    expect(said([answer({ ok: false, error: "not_authed" })], slack)).toEqual([
      "inconclusive contract/error-in-success",
    ]);
    expect(said([answer({ ok: true, channels: [], cursor: "" })], slack)).toEqual([]);
  });

  test("a contract of an error status is judged as any other", () => {
    const missing = (body: unknown) => answer(body, { status: 404 });
    const bodies = times(30, () => missing({ message: "none", code: "gone", docs: "x" }));
    const expected = recordContract(bodies, { request: "GET /none", title: "none" });
    expect(said(bodies.slice(0, 5), expected)).toEqual([]);
    const other = times(20, () => missing({ error: { text: "none" } }));
    expect(said(other, expected).sort()).toEqual([
      "error contract/property-removed",
      "error contract/property-removed",
      "error contract/property-removed",
      "info contract/property-added",
    ]);
    expect(said([answer({ message: "none" })], expected)).toEqual(["error contract/status-changed"]);
  });

  test("an empty page is inconclusive, an empty array within a record is nothing", () => {
    const pages = contractOf(times(5, () => ({ data: [{ id: 1 }] })));
    expect(said([answer({ data: [] })], pages)).toEqual(["inconclusive contract/empty-list"]);
    expect(said([answer({ ...ok, tags: [] })])).toEqual([]);
  });

  test("a header that clients read is missed", () => {
    const limited = { ...contract, headers: ["x-ratelimit-remaining"] };
    expect(said([answer(ok)], limited)).toEqual(["warning contract/header-removed"]);
    expect(said([answer(ok, { headers: { "x-ratelimit-remaining": "1" } })], limited)).toEqual([]);
  });
});

test("the configuration sets a rule's severity, or silences it", () => {
  const contract = contractOf(recorded);
  const samples = live(({ email: _, ...rest }) => rest).map((value) => answer(value));
  const rule = "contract/property-removed";
  expect(judge({ contract, samples, rules: { [rule]: "info" } }).map(({ severity }) => severity)).toEqual([
    "info",
  ]);
  expect(judge({ contract, samples, rules: { [rule]: "off" } })).toEqual([]);
});

test("text from the provider is neutralised", () => {
  const contract = contractOf(times(5, () => ({ id: 1 })));
  const [found] = judge({ contract, samples: [answer({ id: 1, "a\u001b[31m": 1 })] });
  expect(found?.message).not.toContain("\u001b");
});

test("the same answers give the same findings, in the same order", () => {
  const values = live(({ email: _, ...rest }) => rest);
  expect(verdicts(recorded, values)).toEqual(verdicts(recorded, values));
});

test("every rule is explained", () => {
  for (const { id, summary, what, why, example, todo } of RULES) {
    expect(id).toMatch(/^contract\/[a-z-]+$/);
    for (const text of [summary, what, why, example, todo]) expect(text.length).toBeGreaterThan(3);
  }
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
});

function without<T extends object>(one: T, name: keyof T): Partial<T> {
  const { [name]: _gone, ...rest } = one;
  return rest as Partial<T>;
}
