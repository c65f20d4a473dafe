import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { cheapVaults } from "../secrets/cheap-vault.ts";
import { key, shopProject } from "../secrets/shop.ts";
import { binary, integ, type Run, type RunOptions } from "../support/cli.ts";
import { integInProcess } from "../support/in-process.ts";
import { hasProgram } from "../support/real.ts";
import { terminal } from "../support/terminal.ts";

const VALUE = key("sk", "test", "4eC39HqLyjWDarjtT1zdp7dc");

let cwd: string;
let env: Record<string, string>;

beforeEach(async () => {
  cwd = await shopProject({ store: "vault" });
  env = await cheapVaults(cwd);
});

const built = (line: string, options: RunOptions = {}): Promise<Run> =>
  integ(line.split(" "), { cwd, ...options, env: { ...env, ...options.env } });

/** For what does not depend on being a process of its own. */
const cli = (line: string, options: Pick<RunOptions, "env" | "stdin"> = {}): Promise<Run> =>
  integInProcess(line.split(" "), { cwd, ...options, env: { ...env, ...options.env } });

const set = (value: string, name = "stripe/api_key", more = "") =>
  cli(`secrets set ${name}${more && ` ${more}`}`, { stdin: value });

describe("a value goes in and comes out", () => {
  test("by standard input, one line end dropped", async () => {
    expect(await built("secrets set stripe/api_key", { stdin: `${VALUE}\n` })).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(await built("secrets get stripe/api_key")).toMatchObject({
      code: 0,
      stdout: `${VALUE}\n`,
      stderr: "",
    });
  });

  test("in a document, with where it comes from", async () => {
    await cli("secrets set stripe/api_key", { stdin: VALUE });
    expect(JSON.parse((await cli("secrets get stripe/api_key --json")).stdout)).toMatchObject({
      report: "integ/1",
      secret: "stripe/api_key",
      environment: "dev",
      source: { from: "store", store: "vault" },
      value: VALUE,
    });
    const variable = await cli("secrets get stripe/api_key --json", { env: { STRIPE_API_KEY: VALUE } });
    expect(JSON.parse(variable.stdout).source).toEqual({ from: "variable", variable: "STRIPE_API_KEY" });
  });

  test("by file, of several lines", async () => {
    await writeFile(join(cwd, "app.pem"), "-----BEGIN\nabc\n-----END\n\n");
    expect(await cli("secrets set stripe/api_key --from-file app.pem")).toMatchObject({ code: 0 });
    expect(await cli("secrets get stripe/api_key")).toMatchObject({
      stdout: "-----BEGIN\nabc\n-----END\n\n",
    });
  });

  test("by variable", async () => {
    expect(
      await cli("secrets set stripe/api_key --from-env SOME_KEY", { env: { SOME_KEY: VALUE } }),
    ).toMatchObject({ code: 0 });
    expect(await cli("secrets get stripe/api_key")).toMatchObject({ stdout: `${VALUE}\n` });
  });

  test("the variable of the manifest wins over the store, and needs no store", async () => {
    await set("from the store");
    const variable = { STRIPE_API_KEY: VALUE, INTEG_VAULT_PASSPHRASE: "wrong" };
    expect(await cli("secrets get stripe/api_key", { env: variable })).toMatchObject({
      code: 0,
      stdout: `${VALUE}\n`,
    });
  });
});

describe("what is refused, and how it is said", () => {
  test.each<[string, string, string | undefined, number, RegExp, RegExp]>([
    [
      "an unknown secret",
      "secrets set stripe/api_kay",
      "x",
      2,
      /`stripe` has no secret `api_kay`/,
      /did you mean `stripe\/api_key`/,
    ],
    [
      "an unknown integration",
      "secrets get stripes/api_key",
      "",
      2,
      /no integration `stripes`/,
      /did you mean `stripe`/,
    ],
    ["an unknown environment", "secrets list --env dve", "", 2, /no environment `dve`/, /did you mean `dev`/],
    ["an empty value", "secrets set stripe/api_key", "\n", 2, /is empty/, /nothing was stored/],
    [
      "a value for another environment",
      "secrets set stripe/webhook",
      "live-abc",
      4,
      /it is one for prod/,
      /--env prod/,
    ],
    [
      "a value of no known form",
      "secrets set stripe/webhook",
      "abc",
      4,
      /does not match the pattern for dev/,
      /--force/,
    ],
    [
      "a store that only reads",
      "secrets set stripe/api_key --env ci",
      "abc",
      4,
      /environment variables, which integ only reads/,
      /set the variable/,
    ],
    [
      "a missing secret",
      "secrets get stripe/api_key",
      "",
      4,
      /stripe\/api_key is missing in environment dev/,
      /integ secrets set stripe\/api_key --env dev/,
    ],
    [
      "a protected environment without --yes",
      "secrets set stripe/api_key --env prod",
      "x",
      2,
      /prod is protected/,
      /--yes/,
    ],
  ])("%s", async (_, line, stdin, code, message, hint) => {
    const result = await cli(line, { stdin: stdin ?? "" });
    const [first = "", second = ""] = result.stderr.split("\n");
    expect(result).toMatchObject({ code, stdout: "" });
    expect(first).toMatch(message);
    expect(second).toMatch(hint);
  });

  test("bytes that are no UTF-8 text, wherever they come from; nothing is replaced and nothing stored", async () => {
    const bytes = Uint8Array.from([0x61, 0xff, 0xfe, 0x62]);
    await writeFile(join(cwd, "key.bin"), bytes);
    const line = (text: string) => cli(text, { stdin: bytes });
    for (const [command, subject] of [
      ["secrets set stripe/api_key", "Standard input"],
      ["secrets set stripe/api_key --from-file -", "Standard input"],
      ["secrets set stripe/api_key --from-file key.bin", "key.bin"],
      ["secrets import - --yes", "Standard input"],
      ["secrets import key.bin --yes", "key.bin"],
    ] as const) {
      const { code, stderr } = await line(command);
      expect({ command, code, stderr }).toMatchObject({ code: 2 });
      expect(stderr).toContain(`${subject} is not UTF-8 text`);
      expect(stderr).toMatch(/base64/);
    }
    expect(await cli("secrets get stripe/api_key")).toMatchObject({ code: 4 });
  });

  test("input without an end, before it has taken all memory", async () => {
    const { code, stderr } = await cli("secrets set stripe/api_key", { stdin: "x".repeat(2 ** 24 + 1) });
    expect(code).toBe(2);
    expect(stderr).toMatch(/Standard input is longer than 16 MiB\nhint: /);
  });

  test("a removal that nobody confirmed", async () => {
    await set(VALUE);
    expect(await cli("secrets remove stripe/api_key")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/needs a confirmation.*\nhint: pass --yes/),
    });
    expect(await cli("secrets get stripe/api_key")).toMatchObject({ stdout: `${VALUE}\n` });
  });

  test("a form that does not fit is stored with --force", async () => {
    expect(await set("live-abc", "stripe/webhook", "--force")).toMatchObject({ code: 0 });
    expect(await cli("secrets get stripe/webhook")).toMatchObject({ stdout: "live-abc\n" });
  });
});

describe("a broken ledger", () => {
  test("is said before the store is changed, by every command that writes both", async () => {
    await set("first value");
    await set("second value");
    await writeFile(join(cwd, "integ.secrets.json"), "<<<<<<< ours\n");
    for (const [line, stdin] of [
      ["secrets set stripe/api_key", "third value"],
      ["secrets import - --yes", "STRIPE_API_KEY=third"],
      ["secrets rollback stripe/api_key", ""],
      ["secrets remove stripe/api_key --yes", ""],
      ["secrets rotate stripe/api_key --unverified --from-file - --yes", "third value"],
    ] as const) {
      expect(await cli(line, { stdin })).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/integ\.secrets\.json holds an unresolved merge conflict/),
      });
      expect(await cli("secrets get stripe/api_key")).toMatchObject({ stdout: "second value\n" });
    }
  });
});

test("what was stored before the clock was set back has no age of nought", async () => {
  const later = Date.now() + 172_800_000;
  const clock = vi.spyOn(Date, "now").mockReturnValue(later);
  await set(VALUE);
  clock.mockRestore();
  expect((await cli("secrets list stripe/api_key")).stdout).toMatch(/stripe\/api_key .* in the future {2}/);
});

describe("an honest mistake is undone", () => {
  test("by rollback after set, and after remove", async () => {
    await set("the good one");
    await set("the bad one");
    expect(await cli("secrets rollback stripe/api_key")).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("the value it replaced is kept"),
    });
    expect(await cli("secrets get stripe/api_key")).toMatchObject({ stdout: "the good one\n" });
    expect(await cli("secrets remove stripe/api_key --yes")).toMatchObject({ code: 0 });
    expect(await cli("secrets get stripe/api_key")).toMatchObject({ code: 4 });
    expect(await cli("secrets rollback stripe/api_key")).toMatchObject({ code: 0, stderr: "" });
    expect(await cli("secrets get stripe/api_key")).toMatchObject({ stdout: "the good one\n" });
  });

  test("but not after a purge", async () => {
    await set("gone for good");
    expect(await cli("secrets remove stripe/api_key --purge --yes")).toMatchObject({ code: 0 });
    expect(await cli("secrets rollback stripe/api_key")).toMatchObject({ code: 4 });
    expect(JSON.parse((await cli("secrets history stripe/api_key --json")).stdout).versions).toEqual([]);
  });

  test("history tells the versions without their values", async () => {
    for (const value of ["first value", "second value", "third value"]) await set(value);
    const { stdout } = await cli("secrets history stripe/api_key --json");
    const labels = JSON.parse(stdout).versions.map(({ label }: { label: string }) => label);
    expect(labels).toEqual(["current", "previous", "retired"]);
    expect(stdout).not.toContain('value"');
  });
});

describe("integ run", () => {
  test("puts secrets into variables, masks them in both streams, and gives the child's exit code", async () => {
    await set(VALUE);
    const script = `console.log("is", process.env.STRIPE_API_KEY, "!"); console.error(Buffer.from("x:" + process.env.STRIPE_API_KEY).toString("base64")); process.exitCode = 42`;
    const result = await integ(["run", "--allow-missing", "--", process.execPath, "-e", script], {
      cwd,
      env,
    });
    expect(result).toMatchObject({ code: 42, stdout: "is *** !\n", stderr: expect.stringMatching(/\*\*\*/) });
    expect(result.stderr).not.toContain(VALUE.slice(5, 20));
  });

  test("masks a value of 64 kB, and says of one that no variable can hold what to do instead", async () => {
    const long = `${"0123456789abcdef".repeat(4095)} the end`;
    await set(long);
    const shown = ["run", "--allow-missing", "--", "sh", "-c", 'printf "[%s]" "$STRIPE_API_KEY"'];
    expect(await integ(shown, { cwd, env })).toMatchObject({ code: 0, stdout: "[***]", stderr: "" });
    await set("0123456789abcdef".repeat(20_000));
    const refused = await integ(shown, { cwd, env });
    expect(refused).toMatchObject({ code: 4, stdout: "" });
    expect(refused.stderr).toMatch(/stripe\/api_key.*is too long.*\n.*--only.*\n$/);
  });

  test("tells the child which environment the secrets belong to, so that the base URL goes with the key", async () => {
    await set(VALUE);
    const show = ["--", process.execPath, "-p", "process.env.INTEG_ENV"];
    const result = await integ(["run", "--env", "dev", "--allow-missing", ...show], { cwd, env });
    expect(result).toMatchObject({ code: 0, stdout: "dev\n" });
  });

  test("hands the child standard input, bytes as they are, and not the vault's passphrase", async () => {
    await set(VALUE);
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const echo = "process.stdin.pipe(process.stdout)";
    const result = await integ(["run", "--allow-missing", "--", process.execPath, "-e", echo], {
      cwd,
      env,
      stdin: bytes,
    });
    expect(Buffer.from(result.stdout, "utf8").subarray(0, 128)).toEqual(Buffer.from(bytes.subarray(0, 128)));
    const names = await integ(
      ["run", "--allow-missing", "--", process.execPath, "-p", "Object.keys(process.env).join()"],
      { cwd, env },
    );
    expect(names.stdout).toContain("STRIPE_API_KEY");
    expect(names.stdout).not.toContain("INTEG_VAULT");
  });

  test("hands on only what --only names", async () => {
    await set(VALUE);
    await set("dev-hook-secret", "stripe/webhook");
    const result = await integ(
      [
        "run",
        "--only",
        "stripe/webhook",
        "--",
        process.execPath,
        "-p",
        "[process.env.STRIPE_API_KEY, process.env.STRIPE_WEBHOOK]",
      ],
      { cwd, env },
    );
    expect(result.stdout).toBe("[ undefined, '***' ]\n");
  });

  test("passes signals on, and says by which one the child died", async () => {
    const started = integ(["run", "--allow-missing", "--", "sh", "-c", "kill -TERM $$"], { cwd, env });
    expect(await started).toMatchObject({ code: 143 });
    const trap =
      'process.on("SIGTERM", () => { console.log("child saw it"); process.exit(9) }); setInterval(() => {}, 1000); process.kill(process.ppid, "SIGTERM")';
    expect(
      await integ(["run", "--allow-missing", "--", process.execPath, "-e", trap], { cwd, env }),
    ).toMatchObject({ code: 9, stdout: "child saw it\n" });
  });

  test.each(["SIGINT", "SIGHUP", "SIGUSR1"])("passes %s on where no terminal does", async (signal) => {
    const trap = `process.on("${signal}", () => { console.log("child saw it"); process.exit(9) }); setInterval(() => {}, 1000); process.kill(process.ppid, "${signal}")`;
    expect(
      await integ(["run", "--allow-missing", "--", process.execPath, "-e", trap], { cwd, env }),
    ).toMatchObject({ code: 9, stdout: "child saw it\n" });
  });

  test.each([
    [
      "a missing secret stops it before it starts",
      ["run", "--", "echo", "started"],
      4,
      /Missing in environment dev: stripe\/api_key, stripe\/webhook/,
    ],
    [
      "a command that is not there",
      ["run", "--allow-missing", "--", "no-such-command"],
      127,
      /`no-such-command` was not found/,
    ],
    [
      "a file that is no program",
      ["run", "--allow-missing", "--", "./integ.config.yaml"],
      126,
      /cannot be executed/,
    ],
  ])("%s", async (_, args, code, message) => {
    expect(await integ(args, { cwd, env })).toMatchObject({
      code,
      stdout: "",
      stderr: expect.stringMatching(message),
    });
  });
});

describe.skipIf(!hasProgram("tmux", "-V"))("on a terminal", () => {
  test("set asks for the value, hidden", async () => {
    const term = await terminal(["secrets", "set", "stripe/api_key"], { cwd, env });
    await term.waitFor("Value of stripe/api_key");
    await term.type(VALUE);
    await term.press("Enter");
    expect(await term.exitCode()).toBe(0);
    expect(await term.transcript()).not.toContain(VALUE.slice(0, 6));
    expect(await cli("secrets get stripe/api_key")).toMatchObject({ stdout: `${VALUE}\n` });
  });

  test("set does not ask for a value that the store could not take", async () => {
    const wrong = { ...env, INTEG_VAULT_PASSPHRASE: "wrong" };
    for (const args of [[], ["--env", "ci"]]) {
      const term = await terminal(["secrets", "set", "stripe/api_key", ...args], { cwd, env: wrong });
      expect(await term.exitCode()).toBe(4);
      expect(await term.screen()).not.toContain("Value of");
    }
  });

  test("Ctrl-C at the prompt stores nothing", async () => {
    const term = await terminal(["secrets", "set", "stripe/api_key"], { cwd, env });
    await term.waitFor("Value of stripe/api_key");
    await term.press("C-c");
    expect(await term.exitCode()).toBe(130);
    expect(await cli("secrets get stripe/api_key")).toMatchObject({ code: 4 });
  });

  test("get shows nothing without --reveal", async () => {
    await set(VALUE);
    const hidden = await terminal(["secrets", "get", "stripe/api_key"], { cwd, env });
    expect(await hidden.exitCode()).toBe(2);
    expect(await hidden.transcript()).not.toContain(VALUE);
    const shown = await terminal(["secrets", "get", "stripe/api_key", "--reveal"], { cwd, env });
    await shown.waitFor(VALUE);
  });

  test("a new vault asks for its passphrase twice, then once", async () => {
    const fresh = { HOME: join(cwd, "fresh") };
    const options = { cwd, env: { ...fresh, STRIPE: VALUE } };
    const first = await terminal(["secrets", "set", "stripe/api_key", "--from-env", "STRIPE"], options);
    await first.waitFor("Choose a passphrase");
    await first.type("open sesame");
    await first.press("Enter");
    await first.waitFor("The same passphrase again");
    await first.type("open sesame");
    await first.press("Enter");
    expect(await first.exitCode()).toBe(0);
    expect(await first.transcript()).not.toContain("sesame");
    const second = await terminal(["secrets", "list"], { cwd, env: fresh });
    await second.waitFor("Passphrase of the vault");
    await second.type("open sesame");
    await second.press("Enter");
    await second.waitFor("vault");
    expect(await second.exitCode()).toBe(0);
  });

  test("a protected environment asks, and no is no", async () => {
    const term = await terminal(
      ["secrets", "set", "stripe/api_key", "--env", "prod", "--from-env", "STRIPE"],
      {
        cwd,
        env: { ...env, STRIPE: VALUE },
      },
    );
    await term.waitFor(/prod is protected/);
    await term.press("Enter");
    expect(await term.exitCode()).toBe(130);
    expect(await cli("secrets get stripe/api_key --env prod --yes")).toMatchObject({ code: 4 });
  });

  test("a command under run keeps its colours and answers Ctrl-C itself", async () => {
    await set(VALUE);
    const script =
      'console.log(process.env.FORCE_COLOR, process.env.STRIPE_API_KEY); process.on("SIGINT", () => process.exit(7)); setInterval(() => {}, 1000)';
    const term = await terminal(["run", "--allow-missing", "--", process.execPath, "-e", script], {
      cwd,
      env,
    });
    await term.waitFor("1 ***");
    await term.press("C-c");
    expect(await term.exitCode()).toBe(7);
  });

  test("in a pipeline Ctrl-C reaches the program once", async () => {
    const script =
      'let n = 0; process.on("SIGINT", () => { n++; setTimeout(() => process.exit(10 + n), 500); }); console.log("up"); setInterval(() => {}, 1000)';
    const inner = `"${process.execPath}" "${binary}" run --env ci --allow-missing -- "${process.execPath}" -e '${script}'`;
    const shell = ["sh", "-c", `trap : INT; echo x | ${inner}`];
    const term = await terminal(["run", "--env", "ci", "--allow-missing", "--unmasked", "--", ...shell], {
      cwd,
      env,
    });
    await term.waitFor("up");
    await term.press("C-c");
    expect(await term.exitCode()).toBe(11);
  });
});

describe("no value leaves its path", () => {
  async function everyFile(directory: string): Promise<string[]> {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  }

  test("planted canaries show up in no file, no output and no error of any command", async () => {
    const canaries = ["canary-Alpha-7731", "canary-Bravo-7732", "canary-Charlie-7733"];
    const lines: [string, (string | undefined)?][] = [
      ["secrets set stripe/api_key --verbose", canaries[0]],
      ["secrets set stripe/api_key --json", canaries[1]],
      ["secrets set stripe/webhook --verbose", canaries[2]],
      ["secrets set stripe/webhook --force --verbose", canaries[2]],
      ["secrets set stripe/nothing --verbose", canaries[2]],
      ["secrets set stripe/api_key --env ci --verbose", canaries[2]],
      ["secrets set stripe/api_key --env prod --yes --dry-run --verbose", canaries[2]],
      ["secrets list --verbose"],
      ["secrets list --json"],
      ["secrets history stripe/api_key --json"],
      ["secrets rollback stripe/api_key --verbose"],
      ["secrets remove stripe/webhook --yes --verbose"],
      ["secrets import - --yes --verbose", `STRIPE_API_KEY=${canaries[0]}`],
      [
        "secrets import - --format json --verbose",
        `{"STRIPE_API_KEY": "${canaries[1]}", "X": ["${canaries[2]}"]}`,
      ],
      ["secrets compare --yes --json"],
      ["secrets rotate stripe --yes --json --verbose"],
      ["secrets rotate stripe/api_key --unverified --from-file - --yes --verbose", canaries[1]],
      ["secrets rotate stripe/api_key --abort --yes --verbose"],
      ["secrets calendar --json"],
      ["secrets audit --json"],
      ["secrets export --output exported --dry-run --verbose"],
      ["run --allow-missing --verbose -- env"],
      ["run --allow-missing -- sh -c set"],
    ];
    const outputs: string[] = [];
    for (const [line, stdin] of lines) {
      // A child is asked for by its own process, as everywhere; the rest says the same in this one.
      const { stdout, stderr } = await (line.startsWith("run ") ? built : cli)(line, { stdin: stdin ?? "" });
      outputs.push(stdout, stderr);
    }
    const wrong = { INTEG_VAULT_PASSPHRASE: "canary-Alpha-7731" };
    const { stderr } = await cli("secrets list --verbose", { env: wrong });
    outputs.push(stderr);
    for (const file of await everyFile(cwd)) outputs.push(await readFile(file, "latin1"));
    const forms = canaries.flatMap((c) => [
      c,
      Buffer.from(c).toString("base64").slice(0, 20),
      encodeURIComponent(c),
    ]);
    const leaks = outputs.filter((text) => forms.some((form) => text.includes(form)));
    expect(leaks).toEqual([]);
    expect(await cli("secrets get stripe/api_key")).toMatchObject({ stdout: "canary-Alpha-7731\n" });
  });

  test("the ledger tells when, and neither what nor a fingerprint", async () => {
    await set(VALUE);
    const ledger = JSON.parse(await readFile(join(cwd, "integ.secrets.json"), "utf8"));
    expect(ledger).toEqual({
      ledger: "integ-secrets/1",
      environments: { dev: { "stripe/api_key": { createdAt: expect.stringMatching(/^\d{4}-/) } } },
    });
  });
});
