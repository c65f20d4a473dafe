import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { cheapVaults } from "../secrets/cheap-vault.ts";
import { shopProject } from "../secrets/shop.ts";
import { integ, type Run, type RunOptions } from "../support/cli.ts";
import { integInProcess } from "../support/in-process.ts";
import { hasKeyring, startBus } from "../support/keyring.ts";

let cwd: string;
let env: Record<string, string>;

beforeEach(async () => {
  cwd = await shopProject({ store: "vault" });
  env = await cheapVaults(cwd);
});

const cli = (line: string, options: RunOptions = {}): Promise<Run> =>
  integInProcess(line.split(" "), { cwd, ...options, env: { ...env, ...options.env } });
/** The keychain's library asks its process for the bus. */
const built = (line: string, options: RunOptions = {}): Promise<Run> =>
  integ(line.split(" "), { cwd, ...options, env: { ...env, ...options.env } });
const write = (name: string, text: string) => writeFile(join(cwd, name), text);
const get = async (name: string, more = "") => (await cli(`secrets get ${name}${more}`)).stdout;

describe("import", () => {
  test("stores what the manifests declare, lists what they do not, and shows no value", async () => {
    await write(".env", "STRIPE_API_KEY='first value'\nSTRIPE_WEBHOOK=dev-hook\nPORT=3000\n");
    const result = await cli("secrets import .env --yes");
    expect(result).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/\.env still holds the values in clear/),
    });
    expect(result.stdout).toBe(
      "? PORT  no manifest declares it; left out\n+ stripe/api_key  added\n+ stripe/webhook  added\nStored 2 secrets in dev\n",
    );
    expect(await get("stripe/api_key")).toBe("first value\n");
    const again = await cli("secrets import .env");
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/nothing to store$/m) });
  });

  test("says where a file contradicts itself, and takes the last; the same value twice is no news", async () => {
    const lines = ["STRIPE_API_KEY=the first", "STRIPE_API_KEY=the last", "STRIPE_WEBHOOK=dev-hook"];
    await write(".env", [...lines, lines[2]].join("\n"));
    const { code, stderr } = await cli("secrets import .env --yes");
    expect(code).toBe(0);
    expect(stderr).toContain(
      "warning: stripe/api_key stands there with different values; the last one counts",
    );
    expect(stderr).not.toMatch(/stripe\/webhook stands|the first|the last$/m);
    expect(await get("stripe/api_key")).toBe("the last\n");
  });

  test("is all or nothing: one value of the wrong environment stops it", async () => {
    await write("all.json", JSON.stringify({ "stripe/api_key": "good", STRIPE_WEBHOOK: "live-hook" }));
    expect(await cli("secrets import all.json --yes")).toMatchObject({ code: 4, stdout: "" });
    expect(await cli("secrets get stripe/api_key")).toMatchObject({ code: 4 });
  });

  test("asks, and a dry run stores nothing", async () => {
    await write(".env", "STRIPE_API_KEY=v1-of-the-key\n");
    expect(await cli("secrets import .env")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--yes/),
    });
    expect(await cli("secrets import .env --dry-run")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\+ stripe/),
    });
    expect(await cli("secrets get stripe/api_key")).toMatchObject({ code: 4 });
  });

  test.each([
    ["a file that is not there", "secrets import nowhere.env", "", /Cannot read nowhere.env: ENOENT/],
    [
      "text that assigns nothing",
      "secrets import -",
      "not a file of variables\n",
      /no line of it assigns a value/,
    ],
    [
      "JSON that is no object of texts",
      "secrets import - --format json",
      '{"A":{"b":"hush"}}',
      /the value of `A` is not a text/,
    ],
    ["no JSON", "secrets import - --format json", "hush", /is not JSON/],
  ])("refuses %s", async (_, line, stdin, message) => {
    const result = await cli(line, { stdin });
    expect(result).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(message) });
    expect(result.stderr).not.toContain("hush");
  });
});

describe("export", () => {
  beforeEach(async () => {
    await cli("secrets set stripe/api_key", { stdin: "a value" });
    await cli("secrets set stripe/webhook", { stdin: "dev-hook" });
  });

  test("writes a file for its user alone, and updates one without touching other lines", async () => {
    expect(await cli("secrets export --output .env")).toMatchObject({ code: 0 });
    const file = join(cwd, ".env");
    expect(await readFile(file, "utf8")).toBe("STRIPE_API_KEY='a value'\nSTRIPE_WEBHOOK=dev-hook\n");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await write(".env", "# mine\nPORT=1\nSTRIPE_API_KEY=old\n");
    expect(await cli("secrets export --output .env")).toMatchObject({ code: 2 });
    expect(await cli("secrets export --output .env --yes")).toMatchObject({
      stdout: expect.stringMatching(/~ STRIPE_API_KEY {2}changed\n\+ STRIPE_WEBHOOK {2}added/),
    });
    expect(await readFile(file, "utf8")).toBe(
      "# mine\nPORT=1\nSTRIPE_API_KEY='a value'\nSTRIPE_WEBHOOK=dev-hook\n",
    );
  });

  test("what is exported can be imported", async () => {
    for (const format of ["dotenv", "json"]) {
      const { stdout } = await cli(`secrets export --format ${format}`);
      expect(await cli("secrets import - --env dev --dry-run", { stdin: stdout })).toMatchObject({
        stdout: "= stripe/api_key  unchanged\n= stripe/webhook  unchanged\nnothing was stored (dry run)\n",
      });
    }
  });
});

test("compare tells what is missing where, and which environments share a value", async () => {
  await cli("secrets set stripe/api_key", { stdin: "shared by mistake" });
  await cli("secrets set stripe/api_key --env prod --yes", { stdin: "shared by mistake" });
  await cli("secrets set stripe/webhook", { stdin: "dev-hook" });
  const { code, stdout } = await cli("secrets compare dev prod --yes");
  expect(code).toBe(0);
  expect(stdout).toMatch(/stripe\/api_key +same as prod +same as dev/);
  expect(stdout).toMatch(/stripe\/webhook +set +missing/);
  expect(stdout).not.toContain("mistake");
});

describe.skipIf(!hasKeyring())("migrate", () => {
  test("moves values and history to another store, switches the configuration, and cleans up when asked", async () => {
    const bus = await startBus();
    await bus.startService();
    const both = { env: { ...bus.env, HOME: cwd, XDG_DATA_HOME: join(cwd, ".local/share") } };
    for (const stdin of ["first", "second"]) await built("secrets set stripe/api_key", { stdin });
    expect(await built("secrets migrate --to keychain --dry-run", both)).toMatchObject({ code: 0 });
    const moved = await built("secrets migrate --to keychain --delete-source --yes", both);
    expect(moved).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Moved 1 secret: dev now uses keychain/),
    });
    expect(await readFile(join(cwd, "integ.config.yaml"), "utf8")).toMatch(/store: keychain/);
    const list = JSON.parse((await built("secrets list stripe/api_key --json", both)).stdout);
    expect(list.secrets[0]).toMatchObject({ source: "keychain", labels: ["current", "previous"] });
    expect(await built("secrets rollback stripe/api_key", both)).toMatchObject({ code: 0 });
    expect((await built("secrets get stripe/api_key", both)).stdout).toBe("first\n");
    await expect(stat(join(cwd, ".local/share/integ/shop/dev.vault"))).rejects.toThrow();
  });

  test("refuses a target that holds other secrets", async () => {
    const bus = await startBus();
    await bus.startService();
    const both = { env: { ...bus.env, HOME: cwd, XDG_DATA_HOME: join(cwd, ".local/share") } };
    await built("secrets set stripe/api_key", { stdin: "in the vault" });
    await built("secrets migrate --to keychain --yes", both);
    await built("secrets set stripe/api_key", { stdin: "changed since", ...both });
    expect(await built("secrets migrate --to vault --yes", both)).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/already holds other secrets/),
    });
  });
});
