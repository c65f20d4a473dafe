import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { createWorld, type Place, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Where a command makes sense that does not need a project with everything. */
const PLACES: readonly [RegExp, Place][] = [
  [/^integ scaffold/, "configured"],
  [/^integ (init|sandbox|rules|presets)/, "empty"],
];

const placeOf = (line: string): Place => PLACES.find(([pattern]) => pattern.test(line))?.[1] ?? "full";

/** Examples that end otherwise than with 0 where nobody can be asked, there is no keychain, and nothing has drifted. */
const OTHERWISE: Readonly<Record<string, number>> = {
  // Standard input is empty here, and that is no value.
  "integ secrets set stripe/api_key --env prod": 2,
  // These ask first.
  "integ secrets remove stripe/api_key --env dev": 2,
  "integ secrets rollback stripe/api_key --env prod": 2,
  "integ secrets compare": 2,
  // The vault is what the project uses already.
  "integ secrets migrate --env dev --to vault": 2,
  "integ secrets migrate --env dev --to vault --dry-run": 2,
  "integ secrets migrate --env dev --to keychain --delete-source --yes": 4,
  // There is no drift of this kind to accept.
  "integ accept stripe --rule contract/property-added": 2,
};

/** Not to be run on a person's machine: only on Linux can a test keep away from the real keychain. */
const TOUCHES_KEYCHAIN = /--to keychain/;

/** What stands in for other people's addresses, and for a long time. */
function offline(command: string): string {
  return command
    .replaceAll("https://api.github.com/zen", `${world.provider.url}/`)
    .replaceAll("https://api.github.com/users/octocat", `${world.provider.url}/`)
    .replace(/--for 15m/, "--for 50ms");
}

describe("every example of every command runs", () => {
  // The demo takes long and has tests of its own.
  const examples = commands
    .filter(({ name }) => name !== "demo")
    .flatMap((command) => command.examples.map((example) => example.command))
    .filter((line) => process.platform === "linux" || !TOUCHES_KEYCHAIN.test(line));

  test.each(examples)("%s", async (line) => {
    const run = await world.shell(offline(line), placeOf(line));
    expect(`${run.code}\n${run.stderr}`).toMatch(new RegExp(`^${OTHERWISE[line] ?? 0}\n`));
    expect(run.stderr).not.toMatch(/^\s+at |bug in integ/m);
  });
});

describe("--json is one document on stdout, whatever happens", () => {
  const answering = commands
    .filter(({ json, name }) => json && name !== "demo")
    .map((command) => [command.name, command] as const);

  test.each(answering)("%s", async (name, command) => {
    const example = command.examples.find((one) => /^integ [^|>]*$/.test(one.command))?.command ?? name;
    const line = `${offline(example).replace(" --json", "")} --json`;
    const good = await world.shell(line, placeOf(line));
    expect(JSON.parse(good.stdout)).toMatchObject({ report: "integ/1", command: name });
    const bad = await world.shell(`integ ${name} --no-such-flag --json`, "empty");
    expect(bad.code).toBe(2);
    expect(JSON.parse(bad.stdout)).toMatchObject({ report: "integ/1", error: { code: expect.any(String) } });
    expect(bad.stderr).toBe("");
  });
});
