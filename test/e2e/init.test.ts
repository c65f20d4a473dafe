import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadProject } from "../../src/config/load.ts";
import { temporaryDirectory } from "../support/cli.ts";
import { integInProcess } from "../support/in-process.ts";

const read = (...path: string[]) => readFile(join(...path), "utf8");
const workflow = join(".github", "workflows", "integ.yml");

/** Every file below a directory with its content. */
async function snapshot(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file, await read(file)])));
}

async function repository(files: Record<string, string> = {}): Promise<string> {
  const root = await temporaryDirectory();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(root, name, ".."), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return root;
}

describe("integ init in an empty directory", () => {
  test("writes what a project needs, and what it writes is a valid configuration", async () => {
    const cwd = await repository();
    const { code, stdout, stderr } = await integInProcess(["init", "--project", "shop"], { cwd });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `created  integ.config.yaml\ncreated  .gitignore\ncreated  INTEGRATIONS.md\ncreated  ${workflow}\n`,
    });
    expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(3);
    const { config } = await loadProject({ cwd });
    expect(config).toMatchObject({
      project: "shop",
      defaultEnvironment: "dev",
      environments: [
        { name: "dev", protected: false },
        { name: "prod", protected: true },
        { name: "staging", protected: false },
      ],
    });
    expect(await read(cwd, ".gitignore")).toContain("\n.integ/\n");
  });

  test("a second run changes nothing and says so", async () => {
    const cwd = await repository();
    await integInProcess(["init"], { cwd });
    const before = await snapshot(cwd);
    const { code, stdout } = await integInProcess(["init", "--project", "other", "--store", "env"], { cwd });
    expect(code).toBe(0);
    expect(stdout.match(/left as it is/g)).toHaveLength(4);
    expect(await snapshot(cwd)).toEqual(before);
  });

  test("every answer is a flag", async () => {
    const cwd = await repository();
    const flags = [
      "--project",
      "my: shop",
      "--environments",
      "local,live",
      "--store",
      "env",
      "--ci",
      "none",
      "--dir",
      "lib/apis/",
    ];
    const { code } = await integInProcess(["init", ...flags], { cwd });
    expect(code).toBe(0);
    expect((await readdir(cwd)).sort()).toEqual([".gitignore", "INTEGRATIONS.md", "integ.config.yaml"]);
    expect((await loadProject({ cwd })).config).toMatchObject({
      project: "my: shop",
      integrations: "lib/apis",
      defaultEnvironment: "local",
      environments: [
        { name: "live", store: "env", protected: true },
        { name: "local", store: "env", protected: false },
      ],
    });
  });

  test("--dry-run shows the files and writes none", async () => {
    const cwd = await repository();
    const { code, stdout, stderr } = await integInProcess(["init", "--dry-run", "--project", "shop"], {
      cwd,
    });
    expect(code).toBe(0);
    expect(stdout).toContain("would create  integ.config.yaml\n");
    expect(stdout).toContain("  + project: shop\n");
    expect(stderr).toBe("nothing was written (--dry-run)\n");
    expect(await readdir(cwd)).toEqual([]);
  });

  test("--json is one document", async () => {
    const cwd = await repository();
    const { stdout, stderr } = await integInProcess(["init", "--json", "--ci", "none"], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      report: "integ/1",
      command: "init",
      root: cwd,
      dryRun: false,
      files: [
        { file: "integ.config.yaml", action: "create" },
        { file: ".gitignore", action: "create" },
        { file: "INTEGRATIONS.md", action: "create" },
      ],
    });
    expect(stderr).not.toContain("error");
  });
});

describe("integ init in a repository", () => {
  test("finds the package's root, and the repository's for the workflow", async () => {
    const root = await repository({
      ".git/HEAD": "ref: refs/heads/main\n",
      "pnpm-lock.yaml": "",
      "packages/shop app/package.json": '{"name":"@acme/shop"}',
      "packages/shop app/src/deep/x.ts": "",
    });
    const { code } = await integInProcess(["init"], { cwd: join(root, "packages/shop app/src/deep") });
    expect(code).toBe(0);
    expect((await loadProject({ cwd: join(root, "packages/shop app") })).config.project).toBe("@acme/shop");
    expect(parse(await read(root, workflow))).toMatchObject({
      on: { pull_request: null, schedule: [{ cron: expect.any(String) }] },
      jobs: {
        check: {
          defaults: { run: { "working-directory": "packages/shop app" } },
          steps: expect.arrayContaining([{ run: "corepack enable && pnpm install --frozen-lockfile" }]),
        },
      },
    });
  });

  test("the daily run tells whom it was asked to tell: the configuration names variables, the workflow has them", async () => {
    const root = await repository({ ".git/HEAD": "", "package.json": "{}", "package-lock.json": "{}" });
    const flags = ["--notify", "slack", "--notify", "webhook", "--open-issues"];
    const { code, stderr } = await integInProcess(["init", "--yes", "--ci", "github", ...flags], {
      cwd: root,
    });
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining("set SLACK_WEBHOOK_URL, ALERTS_URL, ALERTS_KEY"),
    ]);
    const { config } = await loadProject({ cwd: root });
    expect(config.notify).toMatchObject({ slack: expect.anything(), webhook: expect.anything() });
    expect(config.notify.email).toBeUndefined();
    const text = await read(root, workflow);
    expect(parse(text)).toMatchObject({ permissions: { contents: "read", issues: "write" } });
    expect(text).toContain("set -- --notify slack --notify webhook --open-issues;");
    expect(text).toMatch(/^ {10}ALERTS_KEY: \$\{\{ secrets\.ALERTS_KEY \}\}$/m);
    const refused = await integInProcess(["init", "--yes", "--ci", "gitlab", "--open-issues"], {
      cwd: await repository(),
    });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("on GitHub only")]);
  });

  test("a package at the repository's top has a workflow without detours", async () => {
    const root = await repository({ ".git/HEAD": "", "package.json": "{}", "package-lock.json": "{}" });
    await integInProcess(["init"], { cwd: root });
    const text = await read(root, workflow);
    expect(text).not.toMatch(/working-directory|PROJECT_DIRECTORY|INSTALL_COMMAND/);
    expect(text).toContain("- run: npm ci\n");
    expect(text).toContain("npx integ check");
  });

  test.each([
    ["node_modules", "node_modules\n# Local state of integ: history, rotation journal\n.integ/\n"],
    ["dist\r\n", "dist\r\n# Local state of integ: history, rotation journal\r\n.integ/\r\n"],
    ["/.integ\n", "/.integ\n"],
    ["a\n.integ/\nb", "a\n.integ/\nb"],
  ])(".gitignore %j gets only what is missing", async (before, after) => {
    const cwd = await repository({ ".gitignore": before });
    await integInProcess(["init", "--ci", "none"], { cwd });
    expect(await read(cwd, ".gitignore")).toBe(after);
  });

  test("files that are there are left as they are", async () => {
    const mine = { "INTEGRATIONS.md": "mine\n", [workflow]: "mine\n" };
    const cwd = await repository(mine);
    const { stdout } = await integInProcess(["init"], { cwd });
    expect(stdout).toContain("left as it is  INTEGRATIONS.md\n");
    expect([await read(cwd, "INTEGRATIONS.md"), await read(cwd, workflow)]).toEqual(["mine\n", "mine\n"]);
  });

  test("GitLab is recognised by its file, which stays the team's", async () => {
    const cwd = await repository({ ".gitlab-ci.yml": "build: {}\n" });
    const { stdout, stderr } = await integInProcess(["init"], { cwd });
    expect(stdout).toContain("left as it is  .gitlab-ci.yml\n");
    expect(stderr).toContain("npx integ check");
    expect(await readdir(cwd)).not.toContain(".github");
  });

  test("GitLab is recognised by its remote", async () => {
    const cwd = await repository({ ".git/config": '[remote "origin"]\n\turl = git@gitlab.com:a/b.git\n' });
    await integInProcess(["init"], { cwd });
    const job = parse(await read(cwd, ".gitlab-ci.yml")).integ;
    expect(job).toMatchObject({
      script: ["npm install", "npx integ check"],
      allow_failure: { exit_codes: [3] },
    });
  });

  test("--config names another place", async () => {
    const cwd = await repository();
    const { code } = await integInProcess(["init", "--config", "apis/integ.yaml", "--ci", "none"], { cwd });
    expect(code).toBe(0);
    expect((await readdir(join(cwd, "apis"))).sort()).toEqual([
      ".gitignore",
      "INTEGRATIONS.md",
      "integ.yaml",
    ]);
  });
});

describe("integ init that cannot", () => {
  test("a broken configuration is shown, and nothing is written", async () => {
    const cwd = await repository({ "integ.config.yaml": "projet: shop\ndefaultEnvironment: x\n" });
    const { code, stdout, stderr } = await integInProcess(["init"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("integ.config.yaml:1:1  config/unknown-key");
    expect(stderr).toContain("did you mean `project`?");
    expect(stderr).toContain("error: 2 problems in integ.config.yaml");
    expect(await readdir(cwd)).toEqual(["integ.config.yaml"]);
  });

  test.each([
    [["--environments", "dev,a/b"], "--environments must be the name of an environment"],
    [["--dir", "/abs"], "--dir must be a relative path"],
    [["--project", ""], "--project must not be empty"],
    [["--store", "valt"], "did you mean `vault`?"],
    [["extra"], "Too many arguments"],
  ])("%j is refused", async (flags, message) => {
    const cwd = await repository();
    const { code, stdout, stderr } = await integInProcess(["init", ...flags], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(await readdir(cwd)).toEqual([]);
  });

  test("where one file cannot be written, none is", async () => {
    const cwd = await repository({ ".github": "a file\n", ".gitignore": "x\n" });
    const before = await snapshot(cwd);
    const { code, stderr } = await integInProcess(["init", "--ci", "github"], { cwd });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error: Cannot write .*integ\.yml: .*; nothing was changed\n$/);
    expect(await snapshot(cwd)).toEqual(before);
  });

  test("a read-only directory is said to be one", async () => {
    const cwd = await repository();
    await chmod(cwd, 0o555);
    const { code, stderr } = await integInProcess(["init"], { cwd });
    await chmod(cwd, 0o755);
    // Root may write everywhere.
    const root = process.getuid?.() === 0;
    expect(code).toBe(root ? 0 : 3);
    expect(stderr).toContain(root ? "next: " : "permission denied; nothing was changed");
  });
});

test("the second project of a repository is told that the workflow of the first does not check it", async () => {
  const root = await repository({
    ".git/config": "",
    "packages/a/package.json": "{}",
    "packages/b/package.json": "{}",
  });
  const init = async (name: string) =>
    (
      await integInProcess(["init", "--project", name, "--ci", "github"], {
        cwd: join(root, "packages", name),
      })
    ).stderr;
  const says = "add a job for this project to .github/workflows/integ.yml";
  expect(await init("a")).not.toContain(says);
  expect(await init("b")).toContain(says);
  expect(await init("a")).not.toContain(says);
});
