import { describe, expect, test } from "vitest";
import { linesBetween, replaceBetween } from "../../src/scaffold/registry.ts";

const markers = { begin: "// begin", end: "// end" };
const replace = (text: string) => replaceBetween(text, markers, ["new"]);

describe("what stands between markers", () => {
  test("is replaced, and nothing else", () => {
    expect(replace("mine\n// begin\nold\n// end\nours\n")).toBe("mine\n// begin\nnew\n// end\nours\n");
    expect(linesBetween("// begin\r\na\r\nb\r\n// end", markers)).toEqual(["a", "b"]);
  });

  test("is put at the end where there are none, with the file's line ends", () => {
    expect(replace("mine\r\n")).toBe("mine\r\n\r\n// begin\r\nnew\r\n// end\r\n");
  });

  test.each([
    ["the end of the first block is gone", "// begin\nold\nmine\n// begin\nx\n// end\n"],
    ["the begin of the last block is gone", "// begin\nx\n// end\nmine\n// end\n"],
    ["an end stands alone before the block", "// end\nmine\n// begin\nx\n// end\n"],
    ["only a begin is left", "// begin\nold\nmine\n"],
    ["only an end is left", "mine\n// end\n"],
  ])("never takes a person's text for its own, twice over: %s", (_, text) => {
    const once = replace(text);
    const twice = replaceBetween(once, markers, ["newer"]);
    for (const after of [once, twice]) expect(after.split("\n")).toContain("mine");
    expect(twice).toBe(once.replace(/^new$/m, "newer"));
  });
});
