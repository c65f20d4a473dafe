import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { ConfigError } from "../../src/base/errors.ts";
import { type Edit, editText, editYaml } from "../../src/config/edit.ts";
import { temporaryDirectory } from "../support/cli.ts";

const manifest = `# head
name: stripe # the name
versions:
  v1: { headers: { A: "1" } } # first

# about active
active: v1   # now
list:
  - a # x
  - b
empty:
endpoints:
  a:
    request: GET /a
  # before b
  b:
    request: GET /b # why

# tail
`;

/** What changed, as \`- old\` and \`+ new\` lines. */
function changed(before: string, after: string): string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ];
}

const edits = (...list: [Edit["path"], unknown][]): Edit[] => list.map(([path, value]) => ({ path, value }));

describe("an edit changes its lines and no other", () => {
  test.each<[string, Edit[], string[]]>([
    ["a scalar", edits([["active"], "v2"]), ["- active: v1   # now", "+ active: v2   # now"]],
    [
      "a scalar that needs quotes",
      edits([["active"], "yes: no"]),
      ["- active: v1   # now", '+ active: "yes: no"   # now'],
    ],
    ["the same value", edits([["active"], "v1"]), []],
    ["an empty value", edits([["empty"], 5]), ["- empty:", "+ empty: 5"]],
    ["an item of a list", edits([["list", 0], "c, d"]), ["-   - a # x", '+   - "c, d" # x']],
    [
      "a value between braces",
      edits([["versions", "v1", "headers", "A"], "2"]),
      ['-   v1: { headers: { A: "1" } } # first', '+   v1: { headers: { A: "2" } } # first'],
    ],
    [
      "a key between braces",
      edits([["versions", "v1", "canary"], "10%"]),
      ['-   v1: { headers: { A: "1" } } # first', '+   v1: { headers: { A: "1" }, canary: 10% } # first'],
    ],
    [
      "a mapping between braces",
      edits([["versions", "v1"], { a: 1 }]),
      ['-   v1: { headers: { A: "1" } } # first', "+   v1: { a: 1 } # first"],
    ],
    [
      "a new key in a mapping",
      edits([["versions", "v2"], { headers: { B: "2: x" } }]),
      ["+   v2:", "+     headers:", '+       B: "2: x"'],
    ],
    [
      "a new key at the end",
      edits([
        ["new", "deep"],
        [1, 2],
      ]),
      ["+ new:", "+   deep:", "+     - 1", "+     - 2"],
    ],
    ["a key removed", edits([["endpoints", "a"], undefined]), ["-   a:", "-     request: GET /a"]],
    ["a key that is not there removed", edits([["nothing"], undefined]), []],
    [
      "two edits",
      edits([["active"], "v2"], [["name"], "acme"]),
      [
        "- name: stripe # the name",
        "- active: v1   # now",
        "+ name: acme # the name",
        "+ active: v2   # now",
      ],
    ],
  ])("%s", (_, list, lines) => {
    expect(changed(manifest, editText(manifest, list))).toEqual(lines);
  });

  test("line ends and the byte order mark stay", () => {
    const before = `\ufeff${manifest.replaceAll("\n", "\r\n")}`;
    const after = editText(before, edits([["versions", "v2"], { a: 1 }]));
    expect(after.startsWith("\ufeff# head\r\n")).toBe(true);
    expect(after.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(after).toContain("  v2:\r\n    a: 1\r\n");
  });

  test("a file without a last newline, and an empty file", () => {
    expect(editText("a: 1", edits([["b"], 2]))).toBe("a: 1\nb: 2\n");
    expect(editText("", edits([["b"], 2]))).toBe("b: 2\n");
    expect(editText("# only a comment\n", edits([["b", "c"], 2]))).toContain("# only a comment\n");
  });

  test("what is no YAML is refused", () => {
    expect(() => editText("a: [", edits([["b"], 2]))).toThrow(ConfigError);
  });
});

const key = fc.constantFrom("a", "b", "c", "d-e", "F", "x y", "1");
const scalar = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom("a: b", "#x", "- y", "null", "1e3", "multi\nline\n", "{", "yes", "€", " lead"),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
  ),
}));

/** The edit on plain data: the model that the text must follow. */
function applied(
  data: Record<string, unknown>,
  [first = "", ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const copy = { ...data };
  const below = copy[first];
  if (rest.length > 0) {
    const isMapping = typeof below === "object" && below !== null && !Array.isArray(below);
    if (isMapping) copy[first] = applied({ ...below }, rest, value);
    else if (!Object.hasOwn(copy, first)) copy[first] = applied({}, rest, value);
    return copy;
  }
  if (value === undefined) delete copy[first];
  else copy[first] = value;
  return copy;
}

/** Whether all that stands above a path's last step is a mapping, or not there yet: what can be edited at all. */
function editable(data: unknown, [first = "", ...rest]: readonly string[]): boolean {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return false;
  return rest.length === 0 || !Object.hasOwn(data, first) || editable(Reflect.get(data, first), rest);
}

describe("any document, any edit", () => {
  test("the text means what the edit says", () => {
    fc.assert(
      fc.property(
        fc.dictionary(key, tree, { maxKeys: 5 }),
        fc.array(key, { minLength: 1, maxLength: 3 }),
        tree,
        fc.constantFrom("any" as const, "flow" as const, "block" as const),
        (data, path, value, collectionStyle) => {
          fc.pre(editable(data, path));
          const text = stringify(data, { collectionStyle, lineWidth: 0 });
          const after: unknown = parse(editText(text, [{ path, value }]));
          expect(after ?? {}).toEqual(applied(data, path, value));
        },
      ),
      { numRuns: 500 },
    );
  });

  test("comments outlive every edit that sets a value", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(["active"], ["name"], ["versions", "v3"], ["endpoints", "b", "unsafe"], ["x", "y"]),
        tree,
        (path, value) => {
          const after = editText(manifest, [{ path, value }]);
          for (const comment of ["# head", "# first", "# about active", "# x", "# before b", "# tail"])
            expect(after).toContain(comment);
        },
      ),
      { numRuns: 200 },
    );
  });
});

test("editYaml writes the file only when it changes", async () => {
  const file = join(await temporaryDirectory(), "x.yaml");
  await writeFile(file, "a: 1 # one\n");
  await editYaml(file, edits([["a"], 2]));
  expect(await readFile(file, "utf8")).toBe("a: 2 # one\n");
});
