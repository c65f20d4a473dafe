import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { integ } from "../support/cli.ts";
import { hasProgram } from "../support/real.ts";
import { terminal } from "../support/terminal.ts";
import { expectRotated, NAME, shop } from "./rotation-shop.ts";

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
    const { stdout: report } = await s.cli("secrets audit --format markdown");
    const instant = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d`;
    expect(report).toMatch(
      new RegExp(String.raw`\| dev (\| ${instant} ){3}\| ${instant}, seen dead \| \S+ \|`),
    );
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

  test("an --abort that the provider failed and --resume ends is told as undone, not as rotated", async () => {
    const s = await shop(
      `      driver: http
      verify: get-balance
      create: { request: POST /v1/keys, body: { name: "{{tag}}" }, value: $.key.value, id: $.key.id }
      revoke: { request: POST /v1/revoke }`,
    );
    await s.cli(`secrets rotate ${NAME} --yes`);
    const made = await s.current();
    s.provider.failAfter = { path: "/v1/revoke", status: 500 };
    expect(await s.cli(`secrets rotate ${NAME} --abort --yes`)).toMatchObject({ code: 3 });
    for (const [id, { value }] of s.provider.keys) if (value === made) s.provider.keys.delete(id);
    const ended = await s.cli("secrets rotate --resume --yes --json");
    expect(JSON.parse(ended.stdout).rotations).toMatchObject([{ result: "aborted" }]);
    expect(await s.current()).toBe(s.first);
  });

  test("a secret that is forgotten in the grace: what is left at the provider is named", async () => {
    const s = await shop();
    await s.cli(`secrets rotate ${NAME} --yes`);
    expect(await s.cli(`secrets remove ${NAME} --yes`)).toMatchObject({ code: 4 });
    const ids = [...s.provider.keys.keys()].filter((id) => id !== s.foreign);
    const { code, stderr } = await s.cli(`secrets remove ${NAME} --purge --yes`);
    expect([code, ids.length]).toEqual([0, 2]);
    for (const id of ids) expect(stderr).toContain(id);
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

  test("a key that two environments share is not ended in either; with keys of their own both are rotated", async () => {
    const s = await shop();
    await s.cli(`secrets set ${NAME} --env prod`, s.first);
    const line = `secrets rotate ${NAME} --all-environments --grace 0s --yes`;
    const refused = await s.cli(line);
    expect(refused).toMatchObject({ code: 4, stdout: expect.stringMatching(/prod uses the same value/) });
    expect([s.provider.honours(s.first), s.provider.keys.size]).toEqual([true, 2]);
    await s.cli(`secrets set ${NAME} --env prod --yes`, s.provider.add("of prod").value);
    expect(await s.cli(line)).toMatchObject({ code: 0 });
    expect(s.provider.honours(s.first)).toBe(false);
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

  test("command: one that is not there is said, and nobody waits for its end", async () => {
    const { cwd, env } = await shop(
      "      driver: command\n      verify: get-balance\n      command: [no-such-program]\n",
    );
    const result = await integ(["secrets", "rotate", NAME, "--yes"], { cwd, env, timeout: 60_000 });
    expect(result).toMatchObject({ code: 3, stdout: expect.stringMatching(/no-such-program/) });
  });

  test("command: a key that was made and never stored is named where the program cannot list keys", async () => {
    const s = await shop(
      "      driver: command\n      verify: get-balance\n      command: [node, rotate.mjs]\n",
    );
    await writeFile(
      join(s.cwd, "rotate.mjs"),
      `let text = ""; for await (const chunk of process.stdin) text += chunk;
if (JSON.parse(text).action === "list") console.log('{"unsupported": true}');
else { const made = ["made", "but", "failed"].join("-"); console.log(JSON.stringify({ value: made, id: "1" })); console.error("made " + made); process.exitCode = 1; }
`,
    );
    const failed = await s.cli(`secrets rotate ${NAME} --yes`);
    expect(failed).toMatchObject({ code: 3, stdout: expect.stringMatching(/exit code 1\nmade \*\*\*/) });
    expect(failed.stdout).not.toMatch(/key named/);
    for (const flag of ["--resume", "--abort"]) {
      expect((await s.cli(`secrets rotate ${NAME} ${flag} --yes`)).stdout).toMatch(
        /may have made a key named integ-/,
      );
    }
    expect(await s.current()).toBe(s.first);
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
      const opened = join(s.cwd, "opened");
      const bin = join(s.cwd, "bin");
      await mkdir(bin);
      // A desktop's opener: writes down what it was asked to show, and what it was given besides.
      const opener = `#!/bin/sh\necho "$# $1" > '${opened}'\nenv >> '${opened}'\n`;
      await writeFile(join(bin, "xdg-open"), opener, { mode: 0o755 });
      const desktop = { ...s.env, DISPLAY: ":987", PATH: `${bin}:${process.env.PATH}` };
      const first = await terminal(["secrets", "rotate", NAME, "--grace", "1h"], {
        cwd: s.cwd,
        env: desktop,
      });
      await first.waitFor("Go on?");
      await first.type("y");
      await first.press("Enter");
      await first.waitFor("https://acme.example/keys (opened in the browser)");
      expect(await readFile(opened, "utf8")).toMatch(/^1 https:\/\/acme\.example\/keys\n/);
      expect(await readFile(opened, "utf8")).not.toMatch(/PASSPHRASE|INTEG_/);
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

  test.skipIf(!hasProgram("tmux", "-V"))(
    "manual: without a desktop, with an opener that fails, or for a page that is no web page it is shown only",
    async () => {
      for (const [page, env] of [
        ["https://acme.example/keys", {}],
        ["https://acme.example/keys", { DISPLAY: ":987", PATH: "/nowhere" }],
        ["file:///etc/passwd", { DISPLAY: ":987" }],
      ] as const) {
        const s = await shop(`      driver: manual\n      verify: get-balance\n      page: ${page}\n`);
        const term = await terminal(["secrets", "rotate", NAME, "--yes"], {
          cwd: s.cwd,
          env: { ...s.env, ...env },
        });
        await term.waitFor(`${page}. Do not revoke`);
        await term.press("C-c");
        expect(await term.exitCode()).toBe(130);
        expect(await s.current()).toBe(s.first);
      }
    },
  );
});
