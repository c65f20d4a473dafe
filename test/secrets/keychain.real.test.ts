import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/host/clock.ts";
import { keychainStore } from "../../src/secrets/stores/keychain.ts";
import { integ, type Run, run, temporaryDirectory } from "../support/cli.ts";
import { type Bus, hasKeyring, startBus } from "../support/keyring.ts";
import { storeConformance } from "./conformance.ts";
import { shopProject } from "./shop.ts";

const real = hasKeyring();

const afterwards: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const work of afterwards.reverse()) await work();
});
const finished = (work: () => Promise<void>) => void afterwards.push(work);

describe.skipIf(!real)("the keychain store on a real Secret Service", () => {
  let bus: Bus;
  let places = 0;

  beforeAll(async () => {
    bus = await startBus(finished);
    await bus.startService();
    // The native library reads the address from this process's environment.
    process.env.DBUS_SESSION_BUS_ADDRESS = bus.env.DBUS_SESSION_BUS_ADDRESS;
  });

  describe.each([
    ["in one entry", undefined],
    // Every entry holds a D-Bus connection, of which a bus has few: larger parts than on Windows, which has no bus.
    ["split over entries", 8000],
  ])("%s", (_, limit) => {
    storeConformance(async () => {
      const lockFile = join(await temporaryDirectory(), "dev.lock");
      places += 1;
      const project = `shop-${places}`;
      return () =>
        keychainStore({
          project,
          environment: "dev",
          lockFile,
          clock: systemClock,
          attended: false,
          ...(limit === undefined ? {} : { limit }),
        });
    });
  });
});

describe.skipIf(!real)("each state of the keychain has its own words and exit code 4", () => {
  async function shop(): Promise<{
    bus: Bus;
    get: () => Promise<Run>;
    set: (value: string) => Promise<Run>;
  }> {
    const [bus, cwd] = [await startBus(), await shopProject({ store: "keychain" })];
    return {
      bus,
      get: () => integ(["secrets", "get", "stripe/api_key"], { cwd, env: bus.env }),
      set: (stdin) => integ(["secrets", "set", "stripe/api_key"], { cwd, env: bus.env, stdin }),
    };
  }

  test("missing: the keychain works and holds nothing", async () => {
    const { bus, get } = await shop();
    await bus.startService();
    expect(await get()).toMatchObject({
      code: 4,
      stdout: "",
      stderr: expect.stringMatching(
        /^error: The secret stripe\/api_key is missing .*\nhint: integ secrets set/,
      ),
    });
  });

  test("locked: what is stored cannot be read, and does not read as missing", async () => {
    const { bus, get, set } = await shop();
    await bus.startService();
    await set("a value to lock away");
    await bus.lock();
    const result = await get();
    expect(result).toMatchObject({ code: 4, stdout: "", stderr: expect.stringMatching(/ is locked: /) });
    expect(result.stderr).toMatch(/hint: unlock it/);
  });

  test("locked: a service that waits for a person is given up on, and the command ends", async () => {
    const { bus, get, set } = await shop();
    const service = await bus.startService();
    await set("a value behind a dialog");
    service.kill("SIGSTOP");
    const result = await get();
    service.kill("SIGCONT");
    expect(result).toMatchObject({ code: 4, stdout: "" });
    expect(result.stderr).toMatch(/is (locked|not available): /);
  });

  test("unavailable: no bus", async () => {
    const { bus, get } = await shop();
    bus.env.DBUS_SESSION_BUS_ADDRESS = "unix:path=/nonexistent";
    expect(await get()).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/ is not available: .*DBus/),
    });
  });

  test("unavailable: a bus without a Secret Service", async () => {
    const { get } = await shop();
    const result = await get();
    expect(result).toMatchObject({ code: 4, stderr: expect.stringMatching(/ is not available: /) });
    expect(result.stderr).toMatch(/hint: .*store: vault/);
  });

  test("unavailable: a Secret Service without a collection to store in", async () => {
    const { bus, set } = await shop();
    await bus.startService({ unlocked: false });
    const result = await set("nowhere to go");
    expect(result).toMatchObject({ code: 4, stderr: expect.stringMatching(/no default collection/) });
    expect(result.stderr).not.toContain("nowhere to go");
  });

  test("ambiguous: a second item matches", async () => {
    const { bus, get, set } = await shop();
    await bus.startService();
    await set("the right one");
    await run(
      "secret-tool",
      ["store", "--label", "x", "service", "integ", "username", "shop/dev", "more", "x"],
      { env: bus.env, stdin: "the wrong one" },
    );
    expect(await get()).toMatchObject({
      code: 4,
      stdout: "",
      stderr: expect.stringMatching(/ is ambiguous: /),
    });
  });

  test("corrupt: what lies there is not ours, and is left alone", async () => {
    const { bus, get, set } = await shop();
    await bus.startService();
    await set("soon overwritten");
    const attributes = ["service", "integ", "username", "shop/dev", "target", "default"];
    const found = await run("secret-tool", ["search", "service", "integ"], { env: bus.env });
    const own = attributes.filter(
      (_, i) => found.stderr.includes(`attribute.${attributes[i - (i % 2)]}`) || i < 4,
    );
    await run("secret-tool", ["store", "--label", "x", ...own], { env: bus.env, stdin: "{not json" });
    expect(await get()).toMatchObject({
      code: 4,
      stdout: "",
      stderr: expect.stringMatching(/ is corrupt: /),
    });
    const after = await set("refused");
    expect(after).toMatchObject({ code: 4, stderr: expect.stringMatching(/ is corrupt: /) });
  });
});
