import type { Sample } from "../../src/contract/judge.ts";
import { answer, times } from "./samples.ts";

/** Recorded and live answers of one endpoint, how grave a rule is there, and where; `undefined`: it stays silent. */
export type LiveCase = readonly [
  rule: string,
  why: string,
  recorded: readonly Sample[],
  live: readonly Sample[],
  said: `${string} $${string}` | undefined,
];

const thing = (n: number) => ({ id: `thing ${n}`, created: 1_714_557_600 + n, price: 20 + n, tags: ["a"] });
const data = (count: number, change: (one: ReturnType<typeof thing>, n: number) => unknown = (one) => one) =>
  times(count, (n) => answer(change(thing(n), n)));
const status = (code: number, value: unknown = { message: "no" }, count = 5) =>
  times(count, () => answer(value, { status: code }));
const headers = (given: Record<string, string>, count = 5) =>
  times(count, (n) => answer(thing(n), { headers: given }));
const redirect = (to: string | undefined, count = 5): Sample[] =>
  data(count).map((sample) => ({ ...sample, redirect: to ?? "none" }));
const body = (kind: Sample["body"], type?: string, count = 5): Sample[] =>
  times(count, () => ({
    status: 200,
    headers: type === undefined ? {} : { "content-type": type },
    body: kind,
  }));
const EMPTY = { kind: "empty" } as const;
const HTML = { kind: "html", text: "<p>hello</p>" } as const;
const CUT = { kind: "invalid", reason: "cut off", text: "{" } as const;
const list = (items: (n: number) => unknown[], count = 5) => times(count, (n) => answer({ data: items(n) }));
const some = (n: number) => times(3, (i) => thing(n * 3 + i));
const map = (key: (n: number) => string, count = 10) =>
  times(count, (n) => answer({ byId: { [key(2 * n)]: 1, [key(2 * n + 1)]: 2 } }));
const generated = (prefix: string) => (n: number) => `${prefix}_${n}aB3dE5fG7hI9`;
const numbers = (of: (n: number) => unknown, count = 10, name = "amount") =>
  times(count, (n) => answer({ [name]: of(n) }));
const text = (source: string, count = 5): Sample[] =>
  times(count, () => ({ ...answer(null), body: { kind: "json", value: JSON.parse(source), text: source } }));

/** Each rule that only live answers bring up: where it speaks, and the neighbours that are fine. */
export const LIVE_CASES: readonly LiveCase[] = [
  ["status-changed", "200 became 202", data(5), status(202, thing(1)), "error $"],
  ["status-changed", "200 became 204 in some", data(5), [...data(4), ...status(204, null, 1)], "warning $"],
  ["status-changed", "the same status", data(5), data(3), undefined],
  ["status-changed", "an outage is no other status", data(5), status(503), undefined],
  ["endpoint-gone", "410 in every answer", data(5), status(410), "error $"],
  ["endpoint-gone", "410 in the only answer", data(5), status(410, null, 1), "error $"],
  ["endpoint-gone", "404 may be the record's", data(5), status(404), undefined],
  ["endpoint-gone", "410 was recorded", status(410), status(410), undefined],
  ["not-answered", "503", data(5), status(503), "inconclusive $"],
  ["not-answered", "429", data(5), status(429), "inconclusive $"],
  ["not-answered", "404", data(5), status(404), "inconclusive $"],
  ["not-answered", "one outage among answers", data(5), [...data(3), ...status(503, null, 1)], undefined],
  ["not-answered", "404 was recorded", status(404), status(404), undefined],
  ["not-authorized", "401", data(5), status(401), "inconclusive $"],
  ["not-authorized", "403", data(5), status(403), "inconclusive $"],
  ["not-authorized", "a lapsed plan", data(5), status(402), "inconclusive $"],
  ["not-authorized", "503 says nothing of the key", data(5), status(503), undefined],
  ["not-authorized", "answers", data(5), data(5), undefined],
  ["content-type-changed", "HTML for JSON", data(5), body(HTML, "text/html"), "error $"],
  ["content-type-changed", "JSON for HTML", body(HTML, "text/html"), data(5), "error $"],
  [
    "content-type-changed",
    "another charset",
    data(5),
    headers({ "content-type": "application/json; charset=utf-8" }),
    undefined,
  ],
  [
    "content-type-changed",
    "JSON of another vocabulary",
    data(5),
    headers({ "content-type": "application/hal+json" }),
    "warning $",
  ],
  [
    "content-type-changed",
    "a body of a file",
    data(5),
    data(5).map(({ body: one }) => ({ body: one })),
    undefined,
  ],
  ["content-type-changed", "HTML as ever", body(HTML, "text/html"), body(HTML, "text/html"), undefined],
  ["body-missing", "no body in any", data(5), body(EMPTY), "error $"],
  ["body-missing", "no body in one answer", data(5), body(EMPTY, undefined, 1), "warning $"],
  ["body-missing", "an empty object is a body", data(5), times(3, () => answer({})), undefined],
  ["body-missing", "there never was one", body(EMPTY), body(EMPTY), undefined],
  ["body-invalid", "cut off in every answer", data(5), body(CUT, "application/json"), "error $"],
  ["body-invalid", "cut off in one", data(5), [...data(4), ...body(CUT, "application/json", 1)], "warning $"],
  ["body-invalid", "valid", data(5), data(5), undefined],
  ["body-invalid", "empty is not invalid", data(5), body(EMPTY), undefined],
  [
    "error-in-success",
    "an error for data",
    data(5),
    times(3, () => answer({ error: { code: 40 } })),
    "inconclusive $",
  ],
  [
    "error-in-success",
    "a verdict",
    data(5),
    times(3, () => answer({ ok: false, reason: "no" })),
    "inconclusive $",
  ],
  [
    "error-in-success",
    "data with an empty list of errors",
    data(5),
    data(3, (one) => ({ ...one, errors: [] })),
    undefined,
  ],
  [
    "error-in-success",
    "errors were recorded as well",
    times(5, () => answer({ error: null, id: 1 })),
    times(3, () => answer({ error: "x", id: 1 })),
    undefined,
  ],
  [
    "error-in-success",
    "the body of a recorded error status",
    status(404, { error: "x" }),
    status(404, { error: "y" }),
    undefined,
  ],
  ["empty-list", "an empty page", list(some), list(() => []), "inconclusive $.data"],
  [
    "empty-list",
    "the body is the page",
    times(5, (n) => answer(some(n))),
    times(5, () => answer([])),
    "inconclusive $",
  ],
  ["empty-list", "one page has items", list(some), list((n) => (n === 0 ? some(n) : [])), undefined],
  ["empty-list", "it was always empty", list(() => []), list(() => []), undefined],
  ["empty-list", "a list inside of a record", data(5), data(5, (one) => ({ ...one, tags: [] })), undefined],
  ["header-removed", "no quota", headers({ "x-ratelimit-remaining": "1" }), data(5), "warning $"],
  ["header-removed", "no link to the next page", headers({ link: "<x>; rel=next" }), data(5), "warning $"],
  ["header-removed", "another value", headers({ etag: "1" }), headers({ etag: "2" }), undefined],
  ["header-removed", "no client reads it", headers({ "x-served-by": "a" }), data(5), undefined],
  [
    "header-removed",
    "some answers never had it",
    [...headers({ etag: "1" }), ...data(2)],
    data(5),
    undefined,
  ],
  [
    "key-format-changed",
    "another prefix",
    map(generated("cus")),
    map((n) => `3f2b${1000 + n}-1234-4abc-8def-123456789${100 + n}`),
    "warning $.byId",
  ],
  [
    "key-format-changed",
    "dates became numbers",
    map((n) => `2024-05-${10 + n}`),
    map((n) => String(1000 + n)),
    "warning $.byId",
  ],
  [
    "key-format-changed",
    "other ids of the kind",
    map(generated("cus")),
    map((n) => generated("cus")(n + 100)),
    undefined,
  ],
  [
    "key-format-changed",
    "no keys at all",
    map(generated("cus")),
    times(5, () => answer({ byId: {} })),
    undefined,
  ],
  ["redirect-added", "a new one", redirect(undefined), redirect("/v2/things"), "warning $"],
  [
    "redirect-added",
    "to another origin",
    redirect("/v2/things"),
    redirect("https://other.test/v2/things"),
    "warning $",
  ],
  ["redirect-added", "the same one", redirect("/v2/things"), redirect("/v2/things"), undefined],
  ["redirect-added", "none", redirect(undefined), redirect(undefined), undefined],
  ["redirect-removed", "none any more", redirect("/v2/things"), redirect(undefined), "info $"],
  [
    "redirect-removed",
    "none from another origin",
    redirect("https://other.test/x"),
    redirect(undefined),
    "info $",
  ],
  ["redirect-removed", "still there", redirect("/v2/things"), redirect("/v2/things"), undefined],
  ["redirect-removed", "nobody knows", redirect("/v2/things"), data(5), undefined],
  [
    "scale-changed",
    "seconds became milliseconds",
    data(10),
    data(5, (one) => ({ ...one, created: one.created * 1000 })),
    "error $.created",
  ],
  [
    "scale-changed",
    "cents became euros",
    numbers((n) => 1000 + n),
    numbers((n) => (1000 + n) / 100),
    "warning $.amount",
  ],
  [
    "scale-changed",
    "ten times as much is business",
    numbers((n) => 1000 + n),
    numbers((n) => 10_000 + n),
    undefined,
  ],
  [
    "scale-changed",
    "sizes that overlap",
    numbers((n) => 10 ** (n % 6)),
    numbers((n) => 10 ** ((n % 3) + 3)),
    undefined,
  ],
  [
    "scale-changed",
    "ids grow",
    numbers((n) => 1000 + n, 10, "id"),
    numbers((n) => 1_000_000 + n, 10, "id"),
    undefined,
  ],
  [
    "unsafe-integer",
    "an id beyond 2^53",
    numbers((n) => n, 10, "id"),
    text('{"id":9223372036854775807}'),
    "error $.id",
  ],
  [
    "unsafe-integer",
    "a new property",
    numbers((n) => n),
    text('{"amount":5,"id":9223372036854775807}'),
    "warning $.id",
  ],
  ["unsafe-integer", "held exactly", numbers((n) => n, 10, "id"), text('{"id":9007199254740991}'), undefined],
  [
    "unsafe-integer",
    "in a string",
    numbers((n) => n),
    text('{"amount":5,"id":"9223372036854775807"}'),
    undefined,
  ],
  [
    "unsafe-integer",
    "as large as ever",
    numbers((n) => 2 ** 60 + n * 4096, 10, "id"),
    text('{"id":9223372036854775807}'),
    undefined,
  ],
  ["type-learned", "a value for null", numbers(() => null), numbers((n) => n), "info $.amount"],
  [
    "type-learned",
    "items of a list that was always empty",
    numbers(() => []),
    numbers((n) => [n]),
    "info $.amount[*]",
  ],
  ["type-learned", "still null", numbers(() => null), numbers(() => null), undefined],
  [
    "type-learned",
    "a second type is more than that",
    numbers((n) => n),
    numbers((n) => String(n)),
    undefined,
  ],
  ["envelope-changed", "a text in the place of the body", data(5), times(5, () => answer("12")), "error $"],
  [
    "envelope-changed",
    "an object inside became its id",
    times(5, (n) => answer({ owner: thing(n) })),
    times(5, () => answer({ owner: "12" })),
    undefined,
  ],
  [
    "property-renamed",
    "another name for the same",
    data(10),
    data(5, ({ price, ...one }) => ({ ...one, cost: price })),
    "error $.price",
  ],
  [
    "property-renamed",
    "in objects of a list",
    list(some, 10),
    list((n) => some(n).map(({ price, ...one }) => ({ ...one, cost: price }))),
    "error $.data[*].price",
  ],
  [
    "property-renamed",
    "gone, and what is new is of another type",
    data(10),
    data(5, ({ price: _, ...one }) => ({ ...one, cost: ["x"] })),
    undefined,
  ],
  [
    "property-renamed",
    "new, and nothing is gone",
    data(10),
    data(5, (one) => ({ ...one, cost: one.price })),
    undefined,
  ],
];
