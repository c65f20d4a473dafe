import { describe, expect, test } from "vitest";
import { compareVersions, notesSince, openTemplate } from "../../src/scaffold/own/template.ts";

const about = 'template: 1\nname: ours\nversion: "2.1"\n';
const open = (files: Record<string, string>, yaml = about) =>
  openTemplate("ours", new Map(Object.entries({ "template.yaml": yaml, ...files })));

describe("a template of one's own", () => {
  test("replaces the files that it has, adds further ones, and leaves the rest to integ's own", () => {
    const { set } = open({ "v1/client.ts": "mine", "v1/deep/more.ts": "more", "README.md": "not filled" });
    expect(set.read("client.ts")).toBe("mine");
    expect(set.read("webhook.ts")).toContain("createWebhookReceiver");
    expect(set.further).toEqual(["deep/more.ts"]);
  });

  test("has one hash for the same files, whatever their order and what stands beside them", () => {
    const one = open({ "v1/a.ts": "a", "v1/b.ts": "b" });
    expect(open({ "v1/b.ts": "b", "v1/a.ts": "a", "README.md": "x" }).hash).toBe(one.hash);
    expect(open({ "v1/a.ts": "b", "v1/b.ts": "a" }).hash).not.toBe(one.hash);
  });

  test.each([
    "v1/../../etc/passwd",
    "v1/../index.ts",
    "v1//x.ts",
    "v1/.npmrc",
    "v1/a\\..\\b.ts",
    "v1/contract/get-thing.json",
    "v1/Contract/x.json",
    "v1/a\nb.ts",
    "v1/-rf",
  ])("is refused where it would write %j", (path) => {
    expect(() => open({ [path]: "" })).toThrow("cannot be used");
  });

  test("is refused where two of its files are one on some systems", () => {
    expect(() => open({ "v1/a.ts": "", "v1/A.ts": "" })).toThrow("one file on some systems");
  });

  test.each([
    ["name: ours", "template"],
    ["template: 1\nname: ours\nversion: next", "version"],
    ["template: 1\nname: ours\nversion: 1\nrun: rm", "run"],
    ["{", "template.yaml"],
  ])("is refused with a reason where its description is %j", (yaml, words) => {
    expect(() => open({}, yaml)).toThrow(words);
  });

  test("has notes for whoever comes from an older version, oldest first, and none of the future", () => {
    const notes = 'notes: { "1": a, "1.9": b, "1.10": c, "2.1": d, "3": e }\n';
    const template = open({}, about + notes);
    expect(notesSince(template, "1.9").map(({ note }) => note)).toEqual(["c", "d"]);
    expect(notesSince(template, "2.1")).toEqual([]);
    expect(compareVersions("1.10", "1.9")).toBeGreaterThan(0);
    expect(compareVersions("1", "1.0.0")).toBe(0);
  });
});
