import { appendFile, cp, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Run, run } from "../support/cli.ts";
import { freshProject, readProjectFile } from "../support/fresh-project.ts";
import { integInProcess } from "../support/in-process.ts";

let root: string;
const integ = (...args: string[]): Promise<Run> => integInProcess(args, { cwd: root });
const client = "src/integrations/stripe/v1/client.ts";

async function change(path: string, from: string, to: string): Promise<void> {
  const before = await readProjectFile(root, path);
  expect(before).toContain(from);
  await writeFile(join(root, path), before.replace(from, to));
}

async function git(cwd: string, ...args: string[]): Promise<void> {
  const who = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
  expect(await run("git", [...who, ...args], { cwd })).toMatchObject({ code: 0 });
}

beforeAll(async () => {
  root = await freshProject(undefined, afterAll);
  expect(await integ("templates", "new", "ours")).toMatchObject({ code: 0 });
});

describe("a template of one's own", () => {
  test("begins as integ's own: compiles, passes its tests, and gives the same modules", async () => {
    const tried = await integ("templates", "test", "ours", "--run");
    expect(tried, tried.stdout).toMatchObject({ code: 0, stdout: expect.stringContaining("all well") });
    expect(await readdir(join(root, ".integ"))).toEqual([]);
    const shown = await integ("scaffold", "stripe", "--dry-run");
    const with_ = await integ("scaffold", "stripe", "--dry-run", "--template", "ours");
    expect(with_.stdout).toContain('"source": "./ours"');
    expect(with_.stdout.split("integ.lock.json")[0]).toBe(shown.stdout.split("integ.lock.json")[0]);
  });

  test("reaches modules by upgrade, with edits kept and the notes of the way printed", async () => {
    await writeFile(join(root, "ours/v1/region.ts"), 'export const region = "__name__";\n');
    expect(await integ("scaffold", "stripe", "--template", "ours")).toMatchObject({ code: 0 });
    expect(await readProjectFile(root, "src/integrations/stripe/v1/region.ts")).toBe(
      'export const region = "stripe";\n',
    );
    await appendFile(join(root, client), "// ours\n");
    await change("ours/v1/client.ts", "The one class through which", "The only class through which");
    await change(
      "ours/template.yaml",
      'version: "1"\nnotes:',
      'version: "2"\nnotes:\n  "2": Rename your region.',
    );
    const upgraded = await integ("upgrade", "--force");
    expect(upgraded.stdout).toContain("merged with your edits");
    expect(upgraded.stdout).toContain("ours 2\nRename your region.");
    const text = await readProjectFile(root, client);
    for (const part of ["The only class", "// ours"]) expect(text).toContain(part);
    expect((await integ("upgrade", "--force")).stdout).toBe("everything is up to date\n");
    await change("ours/v1/client.ts", "The only class", "One class");
    const next = await integ("scaffold", "stripe", "--version", "v2", "--template", "ours");
    expect(next).toMatchObject({ code: 0 });
    expect(await readProjectFile(root, "src/integrations/stripe/v2/client.ts")).toContain("One class");
  });

  test("comes from a package or a repository too, pinned", async () => {
    await cp(join(root, "ours"), join(root, "node_modules/@acme/templates"), { recursive: true });
    const package_ = await integ(
      "scaffold",
      "one",
      "--preset",
      "stripe",
      "--template",
      "npm:@acme/templates",
    );
    expect(package_).toMatchObject({ code: 0 });
    const repository = join(root, "repository");
    await cp(join(root, "ours"), repository, { recursive: true });
    await git(repository, "init", "-q", "-b", "main");
    await git(repository, "add", "-A");
    await git(repository, "commit", "-q", "-m", "begin");
    const source = `git+file://${repository}#main`;
    expect(await integ("scaffold", "two", "--preset", "stripe", "--template", source)).toMatchObject({
      code: 0,
    });
    const { modules } = JSON.parse(await readProjectFile(root, "integ.lock.json"));
    expect(modules.two.versions.v1.template.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(modules.two.versions.v1.template.hash).toBe(modules.one.versions.v1.template.hash);
    await symlink("/etc/passwd", join(repository, "v1/passwd.ts"));
    await git(repository, "add", "-A");
    await git(repository, "commit", "-q", "-m", "a link");
    const refused = await integ("upgrade", "two", "--force");
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("it is no plain file") });
  });

  test("that is wrong is refused with the place, and nothing is written", async () => {
    await mkdir(join(root, "wrong/v1"), { recursive: true });
    await cp(join(root, "ours/template.yaml"), join(root, "wrong/template.yaml"));
    const cases: [string, string, string][] = [
      ["client.ts", "export class __Provider__V1 {\n", "client.ts:2"],
      ["schemas.ts", "export const __Nobody__ = 1;\n", "schemas.ts has the unknown token __Nobody__"],
      ["more.ts", "/* integ:value nothing */\n/* integ:end */\n", "more.ts has the unknown hole nothing"],
      ["more.ts", "/* integ:value methods */\n", "a hole or a token is not filled"],
    ];
    for (const [file, text, words] of cases) {
      await writeFile(join(root, "wrong/v1", file), text);
      expect(await integ("templates", "test", "wrong")).toMatchObject({
        code: 1,
        stdout: expect.stringContaining(words),
      });
      await rm(join(root, "wrong/v1", file));
    }
    await symlink("/etc/passwd", join(root, "wrong/v1/passwd.ts"));
    const refused = await integ("scaffold", "three", "--preset", "stripe", "--template", "wrong");
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("is a symbolic link") });
    expect(await readdir(join(root, "src/integrations"))).not.toContain("three");
  });

  test.each([
    [["scaffold", "x", "--preset", "stripe", "--template", "nowhere"], 2, "integ templates new"],
    [
      ["scaffold", "x", "--preset", "stripe", "--template", "npm:no-such-one"],
      2,
      "npm install --save-dev no-such-one",
    ],
    [["scaffold", "x", "--preset", "stripe", "--template", "npm:../x"], 2, "names no package"],
    [["scaffold", "x", "--preset", "stripe", "--template", "git+ext::sh -c id"], 2, "is no git URL"],
    [
      ["scaffold", "x", "--preset", "stripe", "--template", "git+https://a.test/x.git#--upload-pack=id"],
      2,
      "is no git URL",
    ],
    [["scaffold", "x", "--preset", "stripe", "--template", "git+file:///no/such/repository"], 3, "git: "],
    [["templates", "new", "ours"], 2, "is there already"],
    [["templates", "new", "package.json"], 2, "is there already"],
  ])("%j is refused", async (args, code, words) => {
    expect(await integ(...args)).toMatchObject({ code, stderr: expect.stringContaining(words) });
  });
});
