import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { hasRedis, startRedis } from "../runtime/redis.ts";
import { integInProcess } from "../support/in-process.ts";
import { createWorld, type Place, type World } from "../support/world.ts";

// Many processes on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

let world: World;
let redis: Awaited<ReturnType<typeof startRedis>> | undefined;
beforeAll(async () => {
  world = await createWorld();
  redis = hasRedis ? await startRedis() : undefined;
});
afterAll(async () => {
  await world.close();
  await redis?.end();
});

/** Where a command makes sense that does not need a project with everything. */
const PLACES: readonly [RegExp, Place][] = [
  [/^integ scaffold \S+ --version/, "full"],
  [/^integ versions (canary|promote)/, "two-versions"],
  [/^integ versions retire/, "moved-on"],
  [/^integ (waive|report|check .*--baseline)/, "drifted"],
  [/^integ (scaffold|templates test)/, "configured"],
  [/^integ (init|sandbox|rules|presets|templates new)/, "empty"],
];

const placeOf = (line: string): Place => PLACES.find(([pattern]) => pattern.test(line))?.[1] ?? "full";

/** Examples that end otherwise than with 0 where nobody can be asked, there is no keychain, and nothing has drifted. */
const OTHERWISE: Readonly<Record<string, number>> = {
  // Standard input is empty here, and that is no value.
  "integ secrets set stripe/api_key --env prod": 2,
  // There is no desktop here.
  "integ secrets get stripe/api_key --env dev --clipboard": 3,
  // These ask first.
  "integ secrets remove stripe/api_key --env dev": 2,
  "integ secrets rollback stripe/api_key --env prod": 2,
  "integ secrets compare": 2,
  "integ secrets rotate stripe/api_key --env prod --grace 0s": 2,
  "integ secrets export --env dev --output .env": 2,
  "integ waive 3f2a91c0": 2,
  // The vault is what the project uses already.
  "integ secrets migrate --env dev --to vault": 2,
  "integ secrets migrate --env dev --to vault --dry-run": 2,
  "integ secrets migrate --env dev --to keychain --delete-source --yes": 4,
  // The key that the store holds stands in .env.
  "integ secrets scan": 1,
  // The configuration does not say where Slack is.
  "integ check --env prod --notify slack --open-issues": 2,
  // There is no drift of this kind to accept.
  "integ accept stripe --rule contract/property-added": 2,
};

/** Not to be run on a person's machine: only on Linux can a test keep away from the real keychain. */
const TOUCHES_KEYCHAIN = /--to keychain/;

/**
 * One command without anything that only a shell or a process of its own does: a child, a signal, a global state of git.
 * What the built program does with its process is tested elsewhere.
 */
const isPlain = (line: string) =>
  /^integ [\w ./:@%=,-]+$/.test(line) && !/^integ (run|sandbox)\b/.test(line) && !TOUCHES_KEYCHAIN.test(line);

/** A worker ends by itself here, and a check that hands its endpoints out has one. */
function withWorker(command: string): string {
  if (/^integ worker/.test(command)) return `${command.replace(/ --idle \S+/, "")} --idle 100ms`;
  const [, address] = /^integ check --redis (\S+)/.exec(command) ?? [];
  return address ? `integ worker --redis ${address} & trap "kill $!" EXIT\n${command}` : command;
}

/** Between the samples of a probe nobody pauses. */
const hurried = (command: string) =>
  command.replace(/^integ probe (?!.*--(duration|watch|pause))/, "$&--pause 0ms ");

/** What stands in for other people's addresses, and for a long time. */
function offline(command: string): string {
  return hurried(withWorker(command))
    .replaceAll("redis://127.0.0.1:6379", redis?.url ?? "")
    .replaceAll("https://api.github.com/zen", `${world.provider.url}/`)
    .replaceAll("https://api.github.com/users/octocat", `${world.provider.url}/`)
    .replaceAll("https://staging.example.com/health", `${world.provider.url}/`)
    .replaceAll("3f2a91c0", world.fingerprint.slice(0, 8))
    .replace(/--duration 30s/, "--duration 300ms")
    .replace(/--for 15m/, "--for 50ms");
}

describe("every example of every command runs", () => {
  // The demo takes long and has tests of its own.
  const examples = commands
    .filter(({ name }) => name !== "demo")
    .flatMap((command) => command.examples.map((example) => example.command))
    .filter((line) => process.platform === "linux" || !TOUCHES_KEYCHAIN.test(line))
    .filter((line) => hasRedis || !line.includes("--redis"));

  test.each(examples)("%s", async (line) => {
    const command = offline(line);
    const run = await (isPlain(command) ? world.command : world.shell)(command, placeOf(line));
    expect(`${run.code}\n${run.stderr}${run.stdout}`).toMatch(new RegExp(`^${OTHERWISE[line] ?? 0}\n`));
    expect(run.stderr).not.toMatch(/^\s+at |bug in integ/m);
    if (line.includes("--json") && !line.includes("|")) {
      expect(JSON.parse(run.stdout)).toMatchObject({ report: "integ/1" });
    }
  });
});

describe("--json is one document on stdout, whatever happens", () => {
  // Where an example has --json, the tests above have seen its document.
  const answering = commands.filter(({ json, name }) => json && name !== "demo");
  const unseen = answering.filter(({ examples }) => !examples.some((one) => one.command.includes("--json")));

  test.each(unseen)("$name answers", async ({ name, examples }) => {
    const example = examples.find((one) => /^integ [^|>]*$/.test(one.command))?.command ?? name;
    const command = `${offline(example)} --json`;
    const run = await (isPlain(command) ? world.command : world.shell)(command, placeOf(example));
    expect(JSON.parse(run.stdout)).toMatchObject({ report: "integ/1", command: name });
  });

  test.each(answering)("$name refuses", async ({ name }) => {
    const run = await integInProcess([...name.split(" "), "--no-such-flag", "--json"], { cwd: tmpdir() });
    expect([run.code, run.stderr]).toEqual([2, ""]);
    expect(JSON.parse(run.stdout)).toMatchObject({ report: "integ/1", error: { code: expect.any(String) } });
  });
});
