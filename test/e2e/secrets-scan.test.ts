import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { generateVaultKey } from "../../src/secrets/stores/vault-key.ts";
import { randomText } from "../secrets/random-text.ts";
import { run, temporaryDirectory } from "../support/cli.ts";
import { integInProcess as integ } from "../support/in-process.ts";

const WHO = ["-c", "user.name=t", "-c", "user.email=t@example.com"];

/** An integration whose keys no preset knows. */
const ACME = `name: acme
baseUrl: https://api.acme.test
active: v1
versions: { v1: {} }
auth: { scheme: bearer, secret: key }
secrets:
  key: { pattern: { dev: "^acme_" } }
endpoints:
  get: { request: GET /x }
`;

let root: string;
const git = (...args: string[]) => execFileSync("git", [...WHO, ...args], { cwd: root, encoding: "utf8" });
const write = async (name: string, text: string) => {
  await mkdir(join(root, name, ".."), { recursive: true });
  await writeFile(join(root, name), text);
};
const scan = (...args: string[]) => integ(["secrets", "scan", ...args], { cwd: root });
const liveKey = () => ["sk", "live", randomText(24)].join("_");

beforeEach(async () => {
  root = await temporaryDirectory();
  git("init", "-q");
});

async function places(...args: string[]): Promise<string[]> {
  const { stdout } = await scan(...args, "--json");
  const { findings }: { findings: { rule: string; location: { file: string; line: number } }[] } =
    JSON.parse(stdout);
  return findings.map(({ rule, location }) => `${rule} ${location.file}:${location.line}`);
}

describe("integ secrets scan", () => {
  test("looks at what git knows or would take up, shows four characters, and ends with 1", async () => {
    const key = liveKey();
    await write("src/pay.js", `\nconst key = "${key}";\n`);
    await write("ignored/pay.js", key);
    await write(".gitignore", "ignored/\n");
    const { code, stdout, stderr } = await scan();
    expect(code).toBe(1);
    expect(stdout).toContain("sk_l… (32 characters) looks like a live api key of Stripe");
    expect(stdout).toContain("src/pay.js:2:14");
    expect(stdout + stderr).not.toContain(key.slice(5));
    expect(await places()).toEqual(["secret/key-in-repository src/pay.js:2"]);
    expect(await places("ignored/pay.js", "src")).toEqual(["secret/key-in-repository src/pay.js:2"]);
    expect((await scan("ignored/pay.js")).stdout).toContain("nothing to look at; files that git ignores");
    expect(await scan("scr")).toMatchObject({ code: 2, stderr: "error: There is no scr\n" });
    expect(await places("src/*.js")).toEqual(["secret/key-in-repository src/pay.js:2"]);
  });

  // macOS and Windows have no such names.
  test.skipIf(process.platform !== "linux")(
    "looks into files and directories whose names are no UTF-8",
    async () => {
      const latin1 = (name: string) => Buffer.from(join(root, name), "latin1");
      mkdirSync(latin1("gr\xfc\xdfe"));
      for (const name of ["gr\xfc\xdfe/pay.js", "k\xfchl.js"]) writeFileSync(latin1(name), liveKey());
      const both = [
        "secret/key-in-repository gr\ufffd\ufffde/pay.js:1",
        "secret/key-in-repository k\ufffdhl.js:1",
      ];
      expect((await places()).sort()).toEqual(both);
      git("add", "-A");
      expect((await places("--staged")).sort()).toEqual(both);
      await rm(join(root, ".git"), { recursive: true });
      expect((await places()).sort()).toEqual(both);
    },
  );

  test("without a repository looks at every file but installed packages", async () => {
    await rm(join(root, ".git"), { recursive: true });
    await write("a/b.txt", liveKey());
    await write("node_modules/x/index.js", liveKey());
    expect(await places()).toEqual(["secret/key-in-repository a/b.txt:1"]);
    expect(await scan("no/such/file")).toMatchObject({
      code: 2,
      stderr: "error: There is no no/such/file\n",
    });
    expect((await scan("--config", "absent.yaml")).stderr).toContain("no configuration file absent.yaml");
  });

  test("finds the same in many files, each once, and waits at no named pipe", async () => {
    await rm(join(root, ".git"), { recursive: true });
    const planted: string[] = [];
    for (let n = 0; n < 30; n++) {
      const directory = `d${String(n).padStart(2, "0")}`;
      await mkdir(join(root, directory));
      for (let m = 0; m < 40; m++) writeFileSync(join(root, directory, `${m}.txt`), "nothing to see\n");
      writeFileSync(join(root, directory, "key.txt"), `one\n${liveKey()}\n`);
      planted.push(`secret/key-in-repository ${directory}/key.txt:2`);
    }
    execFileSync("mkfifo", [join(root, "pipe")]);
    execFileSync("ln", ["-s", "pipe", join(root, "link")]);
    expect((await places()).sort()).toEqual(planted);
    git("init", "-q");
    git("add", "link");
    expect((await places()).sort()).toEqual(planted);
  });

  test("--staged sees what is about to be committed, not what lies beside it", async () => {
    await write("a.txt", "nothing\n");
    git("add", ".");
    await write("a.txt", `${liveKey()}\n`);
    expect(await places("--staged")).toEqual([]);
    git("add", ".");
    await write("a.txt", "nothing\n");
    expect(await places("--staged")).toEqual(["secret/key-in-repository a.txt:1"]);
  });

  test("--history finds what a later commit took away, with the commit that brought it", async () => {
    await write("old.txt", `${liveKey()}\n`);
    git("add", ".");
    git("commit", "-qm", "one");
    const first = git("rev-parse", "HEAD").trim();
    git("rm", "-q", "old.txt");
    git("commit", "-qm", "two");
    expect(await places()).toEqual([]);
    expect(await places("--history")).toEqual(["secret/key-in-repository old.txt:1"]);
    expect((await scan("--history")).stdout).toContain(`since commit ${first.slice(0, 12)}`);
    expect(await places("--range", "HEAD~1..HEAD")).toEqual([]);
  });

  test("finds the very value that a store holds, and says whose it is", async () => {
    const env = { HOME: join(root, "home"), INTEG_VAULT_PASSPHRASE: generateVaultKey() };
    await write("integ.config.yaml", "environments: { dev: {} }\nsecrets: { store: vault }\n");
    await write(
      "src/integrations/acme/integration.yaml",
      "name: acme\npurpose: Orders\nowner: Shop\nbaseUrl: https://api.example.com\nauth: { scheme: bearer, secret: api_key }\nsecrets: { api_key: { env: ACME_API_KEY } }\nactive: v1\nversions: { v1: {} }\nendpoints: { get-root: { request: GET / } }\n",
    );
    await write(".gitignore", "home/\n.integ/\n");
    const value = "open sesame, please";
    await integ(["secrets", "set", "acme/api_key"], { cwd: root, env, stdin: value });
    await write("notes.txt", `we said: ${value}\n`);
    const { code, stdout } = await integ(["secrets", "scan"], { cwd: root, env });
    expect(code).toBe(1);
    expect(stdout).toContain("The value of acme/api_key in dev stands here");
    expect(stdout).not.toContain("sesame");
    const closed = await integ(["secrets", "scan"], { cwd: root, env: { HOME: env.HOME } });
    expect([closed.code, closed.stderr]).toEqual([0, expect.stringContaining("of dev are not looked for")]);
    const without = await integ(["secrets", "scan", "--skip-stored"], { cwd: root, env });
    expect([without.code, without.stderr]).toEqual([0, ""]);
  });

  test("--baseline shows what is new; a marked line and a report for code scanning", async () => {
    await write("a.txt", `${liveKey()}\n`);
    expect((await scan("--reporter", "json=before.json", "--reporter", "sarif=scan.sarif")).code).toBe(1);
    const sarif = JSON.parse(await readFile(join(root, "scan.sarif"), "utf8"));
    expect(sarif.runs[0].results).toHaveLength(1);
    await write(".gitignore", "before.json\nscan.sarif\n");
    expect((await scan("--baseline", "before.json")).code).toBe(0);
    await write("b.txt", `${liveKey()} integ:not-a-secret\n${liveKey()}\n`);
    expect(await places("--baseline", "before.json")).toEqual(["secret/key-in-repository b.txt:2"]);
  });

  test.each([
    [["--staged", "--history"], "exclude each other"],
    [["--history", "src"], "takes no paths"],
    [["--range", "no-such-branch"], "no-such-branch"],
    [["--range", "--output=stolen"], "--output=stolen"],
    [["--baseline", "none.json"], "none.json"],
  ])("%j is refused", async (args, why) => {
    const { code, stderr } = await scan(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe("the pre-commit hook", () => {
  test("stops a commit that holds a key, lets others through, and is never put over another hook", async () => {
    const bin = join(root, "bin");
    // As `npx` would: the built program of this repository.
    await write(
      "bin/npx",
      `#!/bin/sh\nshift 2\nexec "${process.execPath}" "${join(import.meta.dirname, "../../bin/integ.cjs")}" "$@"\n`,
    );
    execFileSync("chmod", ["+x", join(bin, "npx")]);
    await write(".gitignore", "bin/\n");
    expect((await scan("--install-hook")).stdout).toBe("created  .git/hooks/pre-commit\n");
    expect((await scan("--install-hook")).stdout).toBe(".git/hooks/pre-commit is there already\n");
    const commit = (name: string, text: string) =>
      write(name, text).then(() => {
        git("add", ".");
        return run("git", [...WHO, "commit", "-qm", name], {
          cwd: root,
          env: { PATH: `${bin}:${process.env.PATH}` },
        });
      });
    expect((await commit("good.txt", "nothing\n")).code).toBe(0);
    const refused = await commit("bad.txt", `${liveKey()}\n`);
    expect([refused.code, refused.stdout + refused.stderr]).toEqual([
      1,
      expect.stringContaining("bad.txt:1:1"),
    ]);
    await write(".git/hooks/pre-commit", "#!/bin/sh\nmake lint\n");
    expect(await scan("--install-hook")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("add this line"),
    });
  });

  test("in a monorepo it finds integ and the configuration below the top, by the real npx", async () => {
    const shop = join(root, "packages/the shop's");
    await write("packages/the shop's/package.json", '{"name":"shop"}');
    await write("packages/the shop's/integ.config.yaml", "project: shop\n");
    await write("packages/the shop's/src/integrations/acme/integration.yaml", ACME);
    await write(".gitignore", "node_modules/\n");
    const installed = await integ(["secrets", "scan", "--install-hook"], { cwd: shop });
    expect(installed).toMatchObject({ code: 0, stdout: "created  ../../.git/hooks/pre-commit\n" });
    // It is installed after its hook.
    await mkdir(join(shop, "node_modules/.bin"), { recursive: true });
    await symlink(join(import.meta.dirname, "../../bin/integ.cjs"), join(shop, "node_modules/.bin/integ"));
    const commit = (cwd: string, ...args: string[]) =>
      run("git", [...WHO, "commit", "-qm", "x", ...args], {
        cwd,
        env: { npm_config_offline: "true", npm_config_cache: join(root, "node_modules/npm") },
      });
    git("add", ".");
    expect(await commit(shop)).toMatchObject({ code: 0 });
    // What only this project's manifest knows as a key, in a file beside the project.
    await write("deploy.env", `ACME_KEY=acme_${randomText(24)}\n`);
    git("add", ".");
    for (const where of [root, shop]) {
      const refused = await commit(where, "-a");
      expect([refused.code, refused.stdout + refused.stderr]).toEqual([
        1,
        expect.stringContaining("deploy.env:1:"),
      ]);
    }
  });
});
