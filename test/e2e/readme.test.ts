import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { EXIT_MEANING } from "../../src/base/exit.ts";
import { commands } from "../../src/cli/commands.ts";
import {
  generatedPart,
  markdownTable,
  readDocument,
  repositoryFile,
  runnableBlocks,
} from "../support/markdown.ts";
import { createWorld, type World } from "../support/world.ts";

// Many processes on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const readme = readDocument("README.md");
const guides = readdirSync(repositoryFile("docs"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name}`);

const GENERATED: Readonly<Record<string, () => string>> = {
  commands: () =>
    markdownTable(
      ["command", "does"],
      commands.map(({ name, summary }) => [`\`integ ${name}\``, summary.replaceAll("|", "\\|")]),
    ),
  "exit-codes": () =>
    markdownTable(
      ["code", "means"],
      Object.entries(EXIT_MEANING).map(([code, what]) => [code, what.replaceAll("|", "\\|")]),
    ),
};

describe("README.md says what is", () => {
  test.each(Object.keys(GENERATED))("its table of %s is the program's own", (name) => {
    const expected = `\n${GENERATED[name]?.()}\n`;
    const current = readDocument("README.md");
    // INTEG_UPDATE=1 npx vitest run test/e2e/readme.test.ts writes it anew.
    if (process.env.INTEG_UPDATE) {
      const [begin, end] = [`<!-- integ:${name}:begin -->\n`, `<!-- integ:${name}:end -->`];
      const [before = "", after = ""] = current.split(`${begin}${generatedPart(current, name)}${end}`);
      writeFileSync(repositoryFile("README.md"), `${before}${begin}${expected}${end}${after}`);
    } else expect(generatedPart(current, name)).toBe(expected);
  });

  test.each(["README.md", "CONTRIBUTING.md", ...guides])("links of %s lead somewhere", (file) => {
    const base = file.includes("/") ? "docs/" : "";
    const links = [...readDocument(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, to]) => to ?? "");
    expect(links.filter((to) => !existsSync(repositoryFile(`${base}${to}`)))).toEqual([]);
  });
});

describe("what the documents tell people to type works", () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  /** The provider is the sandbox, and nobody waits a quarter of an hour. */
  const offline = (lines: string) =>
    lines
      .replace(/scaffold stripe$/m, `scaffold stripe --base-url ${world.provider.url}`)
      .replaceAll("https://api.github.com/zen", `${world.provider.url}/`)
      .replaceAll("--for 15m", "--for 50ms");

  test.each([["README.md", "empty"] as const, ...guides.map((file) => [file, "full"] as const)])(
    "%s, its blocks one after the other",
    async (file, place) => {
      const type = await world.enter(place);
      world.provider.setRelease("v1");
      for (const { lines, line, words, exitCode } of runnableBlocks(readDocument(file))) {
        if (words.includes("drifted")) world.provider.setRelease("v2");
        const run = await type(offline(lines), world.provider.apiKey);
        expect(`${file}:${line} ended with ${run.code}\n${run.stderr}`).toContain(`ended with ${exitCode}\n`);
      }
    },
    120_000,
  );

  test("README.md has the whole loop in it", () => {
    const typed = runnableBlocks(readme)
      .map(({ lines }) => lines)
      .join("");
    for (const command of ["init", "scaffold", "secrets set", "record", "check", "diff", "accept", "probe"]) {
      expect(typed).toContain(`npx integ ${command}`);
    }
  });
});
