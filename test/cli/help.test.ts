import { expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { parseCommandLine } from "../../src/cli/parse.ts";

const plain = { title: String, command: String, dim: String };

const helpOf = (...argv: string[]) => {
  const parsed = parseCommandLine(argv, commands, plain);
  return parsed.kind === "text" ? parsed.text : "";
};

test.each(commands)(
  "$name --help and help $name show the command's own page with its examples",
  (command) => {
    const page = helpOf(...command.name.split(" "), "--help");
    expect(page).toMatch(new RegExp(`^\\s*Usage\\s+integ ${command.name}`));
    for (const { command: example } of command.examples) expect(page).toContain(`$ ${example}`);
    expect(helpOf("help", ...command.name.split(" "))).toBe(page);
  },
);

test("every command has at least three examples, each beginning with integ", () => {
  const few = commands.filter(({ examples }) => examples.length < 3).map(({ name }) => name);
  expect(few).toEqual([]);
  for (const { examples } of commands)
    for (const { command } of examples) expect(command).toContain("integ ");
});
