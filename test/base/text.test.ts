import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "../../src/base/text.ts";

test.each(["$.data[*].email", "$['x-y']", "`id`", "$(id)", "a'b\"c", "$[1+1]", "!!", "\\", "a\nb", ""])(
  "a word for a command line stays the word %j in a shell: a provider's text runs nothing",
  (text) => {
    expect(execFileSync("bash", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" })).toBe(text);
  },
);
