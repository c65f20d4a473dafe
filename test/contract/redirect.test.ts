import { describe, expect, test } from "vitest";
import { adopt } from "../../src/contract/adopt.ts";
import { judge, redirectOf, type Sample } from "../../src/contract/judge.ts";
import { recordContract } from "../../src/contract/record.ts";
import { formatContract, parseContract } from "../../src/contract/store.ts";
import { answer, times } from "./samples.ts";

const from = (...locations: string[]) => {
  const url = "https://api.example.com/v1/things?key=hidden";
  const hops = locations.map((location) => ({ url, status: 308, location, durationMs: 1 }));
  return redirectOf({ request: { method: "GET", url }, hops });
};
const by = (redirect: string): Sample => ({ ...answer({ id: 1 }), redirect });
const recorded = (...samples: Sample[]) =>
  parseContract(formatContract(recordContract(samples, { request: "GET /v1/things", title: "things" })));
const said = (contract: ReturnType<typeof recorded>, ...samples: Sample[]) =>
  judge({ contract, samples }).map(({ severity, rule, after }) => `${severity} ${rule} ${after}`);

test.each<[string, string[], string]>([
  ["no redirect", [], "none"],
  ["the path on the same origin", ["https://api.example.com/v2/things?page=1"], "/v2/things"],
  ["a relative one", ["/v2/things"], "/v2/things"],
  ["the last of several", ["/v2/things", "/v3/things"], "/v3/things"],
  ["the origin, where it is another", ["https://files.example.com/a"], "https://files.example.com/a"],
  ["ids and what looks like data masked", ["/things/12345/a%20b/9f8e7d6c5b4a39281706"], "/things/{}/{}/{}"],
])("where redirects lead to: %s", (_what, locations, target) => {
  expect(from(...locations)).toBe(target);
});

describe("redirects", () => {
  const direct = recorded(...times(3, () => by("none")));
  const redirected = recorded(...times(3, () => by("/v2/things")));

  test("a new one is a warning, and so is one that leads elsewhere", () => {
    expect(said(direct, by("/v2/things"))).toEqual(["warning contract/redirect-added /v2/things"]);
    expect(said(redirected, by("/v3/things"))).toEqual(["warning contract/redirect-added /v3/things"]);
    expect(said(redirected, by("https://other.example.com/v2/things"))).toEqual([
      "warning contract/redirect-added https://other.example.com/v2/things",
    ]);
  });

  test("one that is gone is an info", () => {
    expect(said(redirected, by("none"))).toEqual(["info contract/redirect-removed no redirect"]);
  });

  test("the same as recorded is silent, and where it is not known nothing is said", () => {
    expect(said(direct, by("none"))).toEqual([]);
    expect(said(redirected, by("/v2/things"))).toEqual([]);
    expect(said(redirected, answer({ id: 1 }))).toEqual([]);
    expect(said(direct, answer({ id: 1 }))).toEqual([]);
  });

  test("a contract that was declared knows nothing of them", () => {
    expect(said({ ...direct, samples: 0 }, by("/v2/things"))).toEqual([]);
  });

  test("one that comes and goes, or leads to many paths of an origin, is known as such", () => {
    const mixed = recorded(by("none"), by("/v2/things"));
    expect(said(mixed, by("none"))).toEqual([]);
    expect(said(mixed, by("/v2/things"))).toEqual([]);
    const many = recorded(by("https://files.example.com/a"), by("https://files.example.com/b"));
    expect(said(many, by("https://files.example.com/c"))).toEqual([]);
    expect(said(many, by("https://evil.example.com/c"))).toHaveLength(1);
  });

  test("a contract without redirects says nothing of them, and reading and writing changes no line", () => {
    expect(formatContract(direct)).not.toContain("redirects");
    const text = formatContract(redirected);
    expect(formatContract(parseContract(text))).toBe(text);
  });

  test("accepting it is the end of it", () => {
    for (const [contract, sample] of [
      [direct, by("/v2/things")],
      [redirected, by("/v3/things")],
      [redirected, by("none")],
    ] as const) {
      const findings = judge({ contract, samples: [sample] });
      expect(said(adopt(contract, [sample], findings), sample)).toEqual([]);
    }
  });
});
