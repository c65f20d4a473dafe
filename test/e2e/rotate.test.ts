import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/host/clock.ts";
import { currentValue } from "../../src/secrets/envelope.ts";
import { vaultStore } from "../../src/secrets/stores/vault.ts";
import { cheapVaults, PASSPHRASE } from "../secrets/cheap-vault.ts";
import { manifestFor, type ProviderServer, startProvider } from "../secrets/rotation/provider-server.ts";
import { binary, integ, type Run, temporaryDirectory } from "../support/cli.ts";
import { hasKeyring, startBus } from "../support/keyring.ts";
import { hasProgram } from "../support/real.ts";
import { terminal } from "../support/terminal.ts";

const NAME = "acme/api_key";

interface Shop {
  cwd: string;
  env: Record<string, string>;
  provider: ProviderServer;
  /** Ids of keys that are not ours, and of the first one of ours. */
  foreign: string;
  first: string;
  cli(line: string, stdin?: string): Promise<Run>;
  current(): Promise<string | undefined>;
}

async function shop(rotation?: string, bus?: Record<string, string>): Promise<Shop> {
  const [cwd, provider] = [await temporaryDirectory(), await startProvider()];
  const directory = join(cwd, "src/integrations/acme");
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "integration.yaml"), manifestFor(provider.url, rotation));
  const store = bus ? "keychain" : "vault";
  await writeFile(
    join(cwd, "integ.config.yaml"),
    `project: shop\nenvironments: { dev: {}, prod: {}, ci: { store: env } }\nsecrets: { store: ${store} }\n`,
  );
  const env = bus ? { ...bus } : await cheapVaults(cwd);
  const [foreign, first] = [provider.add("somebody else's"), provider.add("made by hand")];
  const cli = (line: string, stdin = "") => integ(line.split(" "), { cwd, env, stdin });
  expect(await cli(`secrets set ${NAME}`, first.value)).toMatchObject({ code: 0 });
  const vault = vaultStore({
    project: "shop",
    environment: "dev",
    file: join(cwd, ".local/share/integ/shop/dev.vault"),
    clock: systemClock,
    passphrase: async () => PASSPHRASE,
  });
  const current = async () => {
    if (bus) return (await cli(`secrets get ${NAME}`)).stdout.trimEnd();
    const stored = await vault.read();
    return stored && currentValue(stored.envelope, NAME);
  };
  return { cwd, env, provider, foreign: foreign.id, first: first.value, cli, current };
}

async function expectRotated({ provider, foreign, first, cli, current }: Shop): Promise<void> {
  const value = await current();
  expect([...provider.keys.keys()]).toContain(foreign);
  expect(provider.keys.size).toBe(2);
  expect(provider.honours(value)).toBe(true);
  expect(provider.honours(first)).toBe(false);
  const list = JSON.parse((await cli("secrets list --json")).stdout);
  expect(list.secrets[0]).not.toHaveProperty("rotation");
}

/** Runs a rotation that is killed by `when`, and waits for its end. */
function killed({ cwd, env, provider }: Shop, when: (kill: () => void) => void): Promise<void> {
  const child = spawn(process.execPath, [binary, "secrets", "rotate", NAME, "--grace", "0s", "--yes"], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: "ignore",
  });
  when(() => void child.kill("SIGKILL"));
  return new Promise((resolve) => {
    child.on("exit", () => {
      provider.meddle = () => {};
      resolve();
    });
  });
}

describe("a rotation from end to end", () => {
  test("new key tested, promoted, old one in its grace, then revoked and seen to be dead", async () => {
    const s = await shop();
    const rotated = await s.cli(`secrets rotate ${NAME} --grace 1h --yes --json`);
    expect(rotated).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(rotated.stdout).rotations).toMatchObject([{ secret: NAME, result: "in-grace" }]);
    expect(s.provider.honours(s.first)).toBe(true);
    expect(await s.current()).not.toBe(s.first);
    expect(await s.cli("secrets rotate --yes")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/in its grace for another 59 m/),
    });
    const ended = await s.cli("secrets rotate --end-grace --yes --json");
    expect(JSON.parse(ended.stdout).rotations).toMatchObject([{ result: "rotated", observedDead: true }]);
    await expectRotated(s);
    const ledger = JSON.parse(await readFile(join(s.cwd, "integ.secrets.json"), "utf8"));
    expect(ledger.environments.dev[NAME]).toMatchObject({
      rotatedAt: expect.any(String),
      verifiedAt: expect.any(String),
    });
    const log = await s.cli("secrets audit --verify");
    expect(log).toMatchObject({ code: 0, stdout: expect.stringMatching(/unbroken/) });
    for (const value of [s.first, (await s.current()) ?? ""]) {
      for (const { stdout, stderr } of [rotated, ended]) expect(stdout + stderr).not.toContain(value);
    }
  });

  test("--abort in the grace brings the old key back and revokes the new one", async () => {
    const s = await shop();
    await s.cli(`secrets rotate ${NAME} --yes`);
    expect(await s.cli(`secrets set ${NAME}`, "by hand meanwhile")).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/under way/),
    });
    expect(await s.cli(`secrets rotate ${NAME} --abort --yes`)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/undone/),
    });
    expect(await s.current()).toBe(s.first);
    expect(s.provider.keys.size).toBe(2);
  });

  test("a new key that may do less is taken back, and said which endpoint it may not use", async () => {
    const s = await shop();
    s.provider.forbid = ["/v1/me"];
    const result = await s.cli(`secrets rotate ${NAME} --yes`);
    expect(result).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/may not use get-me, which the old one may/),
    });
    expect(await s.current()).toBe(s.first);
    expect(s.provider.keys.size).toBe(2);
  });

  test("a provider that makes the key and answers 500: resume finds it, revokes it, and goes on", async () => {
    const s = await shop();
    s.provider.failAfter = { path: "/v1/keys", status: 500 };
    expect(await s.cli(`secrets rotate ${NAME} --grace 0s --yes`)).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/--resume/),
    });
    expect(s.provider.keys.size).toBe(3);
    const resumed = await s.cli("secrets rotate --resume --end-grace --yes --json");
    expect(JSON.parse(resumed.stdout).rotations).toMatchObject([{ result: "rotated", orphansRevoked: 1 }]);
    await expectRotated(s);
  });

  test("nothing due says so; a dry run shows the plan and touches nothing", async () => {
    const s = await shop();
    expect(await s.cli("secrets rotate --yes")).toMatchObject({ code: 0, stdout: "Nothing is due\n" });
    const plan = await s.cli("secrets rotate --due-within 91d --dry-run");
    expect(plan).toMatchObject({ code: 0, stdout: `Would rotate:\n  ${NAME} (dev, http): due\n` });
    expect(s.provider.keys.size).toBe(2);
  });

  test.each<[string, string, number, RegExp]>([
    ["nobody confirmed", `secrets rotate ${NAME}`, 2, /pass --yes/],
    ["an environment of variables", "secrets rotate --env ci --yes", 4, /which integ only reads/],
    ["flags that exclude each other", "secrets rotate --resume --abort", 2, /exclude each other/],
    ["a secret without a value", `secrets rotate ${NAME} --env prod --yes`, 4, /has no value yet/],
  ])("is refused: %s", async (_, line, code, message) => {
    const { cli } = await shop();
    const result = await cli(line);
    expect(result.code).toBe(code);
    expect(result.stdout + result.stderr).toMatch(message);
  });
});

describe("killed by SIGKILL and started again", () => {
  /** The app: reads the secret and uses it, all the while. */
  function app({ current, provider }: Shop): { stop: () => Promise<{ reads: number; failures: number }> } {
    let running = true;
    const result = { reads: 0, failures: 0 };
    const loop = (async () => {
      while (running) {
        const value = await current();
        const response = await fetch(`${provider.url}/v1/balance`, {
          headers: { authorization: `Bearer ${value}`, "x-app": "1" },
        });
        await response.arrayBuffer();
        // A key may be revoked between the read and the request: then a fresh read must work.
        if (response.status !== 200 && !provider.honours(await current())) result.failures += 1;
        result.reads += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return result;
    })();
    return {
      stop: () => {
        running = false;
        return loop;
      },
    };
  }

  const moments = ["before", "after"] as const;

  test("before and after every request to the provider, on the vault", { timeout: 300_000 }, async () => {
    for (let at = 1; at <= 12; at++) {
      for (const moment of moments) {
        const s = await shop();
        let requests = 0;
        await killed(s, (kill) => {
          s.provider.meddle = (request) => {
            if (request.moment === "before") requests += 1;
            if (requests === at && request.moment === moment) kill();
          };
        });
        const reading = app(s);
        expect(await s.cli(`secrets rotate ${NAME} --grace 0s --yes`)).toMatchObject({ code: 0 });
        const { reads, failures } = await reading.stop();
        expect([reads > 0, failures]).toEqual([true, 0]);
        await expectRotated(s);
        if (requests < at) return;
      }
    }
  });

  test("at any time, on the vault", { timeout: 300_000 }, async () => {
    for (let run = 0; run < 12; run++) {
      const s = await shop();
      const reading = app(s);
      await killed(s, (kill) => void setTimeout(kill, 250 + run * 35));
      expect(await s.cli(`secrets rotate ${NAME} --grace 0s --yes`)).toMatchObject({ code: 0 });
      expect((await reading.stop()).failures).toBe(0);
      await expectRotated(s);
    }
  });

  test.skipIf(!hasKeyring())(
    "at requests to the provider, on a real keyring",
    { timeout: 300_000 },
    async () => {
      const bus = await startBus();
      await bus.startService();
      for (const [at, moment] of [
        [3, "before"],
        [3, "after"],
        [4, "after"],
        [8, "before"],
        [8, "after"],
      ] as const) {
        const s = await shop(undefined, { ...bus.env });
        let requests = 0;
        await killed(s, (kill) => {
          s.provider.meddle = (request) => {
            if (request.moment === "before") requests += 1;
            if (requests === at && request.moment === moment) kill();
          };
        });
        expect(await s.cli(`secrets rotate ${NAME} --grace 0s --yes`)).toMatchObject({ code: 0 });
        await expectRotated(s);
      }
    },
  );
});

describe("other drivers", () => {
  test("command: values go by stdin and stdout only", async () => {
    const s = await shop(
      '      driver: command\n      verify: get-balance\n      command: [node, rotate.mjs, "--for-acme"]\n',
    );
    await writeFile(
      join(s.cwd, "rotate.mjs"),
      `let text = ""; for await (const chunk of process.stdin) text += chunk;
const { action, tag, id, current } = JSON.parse(text);
const call = async (method, path, body) => { const r = await fetch(${JSON.stringify(s.provider.url)} + path, { method, headers: { authorization: "Bearer " + current }, body: body && JSON.stringify(body) }); return r.status === 204 ? {} : r.json(); };
if (action === "list") console.log(JSON.stringify({ keys: (await call("GET", "/v1/keys")).data }));
if (action === "create") { const { key } = await call("POST", "/v1/keys", { name: tag }); console.log(JSON.stringify({ value: key.value, id: key.id })); }
if (action === "revoke") { if (!id) console.log('{"unsupported": true}'); else { await call("DELETE", "/v1/keys/" + id); console.log('{"revoked": true}'); } }
`,
    );
    expect(await s.cli(`secrets rotate ${NAME} --grace 1h --yes`)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/new value is in use/),
    });
    expect(s.provider.honours(await s.current())).toBe(true);
    expect(await s.current()).not.toBe(s.first);
  });

  test("command: what it says on stderr is shown without values", async () => {
    const s = await shop(
      "      driver: command\n      verify: get-balance\n      command: [node, -e, 'process.stdin.pipe(process.stderr).on(\"finish\", () => process.exit(3)); process.exitCode = 3']\n",
    );
    const result = await s.cli(`secrets rotate ${NAME} --yes`);
    expect(result.code).toBe(3);
    expect(result.stdout).toMatch(/failed to list: exit code 3/);
    expect(result.stdout + result.stderr).not.toContain(s.first);
    expect(await s.current()).toBe(s.first);
  });

  test.skipIf(!hasProgram("tmux", "-V"))(
    "manual: guides, takes the new value hidden, tests it, and watches the old one die",
    async () => {
      const s = await shop(
        "      driver: manual\n      verify: get-balance\n      page: https://acme.example/keys\n",
      );
      const next = s.provider.add("by hand");
      const first = await terminal(["secrets", "rotate", NAME, "--grace", "1h"], { cwd: s.cwd, env: s.env });
      await first.waitFor("Go on?");
      await first.type("y");
      await first.press("Enter");
      await first.waitFor("https://acme.example/keys");
      await first.type(next.value);
      await first.press("Enter");
      await first.waitFor("the new value is in use");
      expect(await first.exitCode()).toBe(0);
      expect(await first.transcript()).not.toContain(next.value);
      expect(await s.current()).toBe(next.value);
      const waiting = await s.cli("secrets rotate --end-grace --yes");
      expect(waiting).toMatchObject({ code: 3, stdout: expect.stringMatching(/was not revoked/) });
      for (const key of s.provider.keys.values()) if (key.value === s.first) s.provider.keys.delete(key.id);
      const done = await s.cli("secrets rotate --resume --yes");
      expect(done).toMatchObject({ code: 0, stdout: expect.stringMatching(/seen to be dead/) });
      await expectRotated(s);
    },
  );
});
