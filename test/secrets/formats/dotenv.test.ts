import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDotenv, parseDotenv, updateDotenv } from "../../../src/secrets/formats/dotenv.ts";
import { run } from "../../support/cli.ts";

const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/);
const value = fc.string({
  maxLength: 30,
  unit: fc.constantFrom("a", "é", " ", "#", "'", '"', "`", "\\", "$", "\n", "\r", "=", "{"),
});
const pairs = (text: string) => parseDotenv(text).map(({ name, value }) => [name, value]);

describe("reading", () => {
  test.each<[string, string, [string, string][]]>([
    [
      "bare values end before a comment",
      "A=1 # one\nB=a#b",
      [
        ["A", "1"],
        ["B", "a#b"],
      ],
    ],
    [
      "export, spaces, Windows line ends",
      "export A = 1 \r\n  B=2\r\n",
      [
        ["A", "1"],
        ["B", "2"],
      ],
    ],
    ["double quotes know escapes", 'A="x\\n\\"y\\" \\$Z" # c', [["A", 'x\n"y" $Z']]],
    [
      "single quotes and backticks know none",
      "A='x\\n$Z'\nB=`it's`",
      [
        ["A", "x\\n$Z"],
        ["B", "it's"],
      ],
    ],
    [
      "quoted values span lines",
      'A="-----BEGIN\nabc\n-----END"\nB=1',
      [
        ["A", "-----BEGIN\nabc\n-----END"],
        ["B", "1"],
      ],
    ],
    ["empty values, comments and other lines", "# A=0\nA=\nnot an assignment\n", [["A", ""]]],
  ])("%s", (_, text, expected) => {
    expect(pairs(text)).toEqual(expected);
  });
});

describe("writing", () => {
  test("whatever is written reads the same", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, value), { selector: ([n]) => n }), (entries) => {
        expect(pairs(updateDotenv("", new Map(entries)))).toEqual(entries);
      }),
    );
  });

  test("a shell reads the same value", async () => {
    const values = ["plain", "with space", "$HOME `x` \\n", "two\nlines", 'it\'s "both"'];
    const text = values.map((v, i) => formatDotenv(`V${i}`, v)).join("\n");
    const shown = await run("bash", [
      "-c",
      'set -a; eval "$0"; printf "%s|" "$V0" "$V1" "$V2" "$V3" "$V4"',
      text,
    ]);
    expect(shown.stdout).toBe(`${values.join("|")}|`);
  });

  test("updating leaves every other line as it is, and a name stands there once", () => {
    const before = '# comment\nOTHER=keep # this\nA="old\nvalue"\n\nA=again\nLAST=1';
    const after = updateDotenv(
      before,
      new Map([
        ["A", "new"],
        ["B", "b c"],
      ]),
    );
    expect(after).toBe("# comment\nOTHER=keep # this\nA=new\n\n\nLAST=1\nB='b c'\n");
  });
});
