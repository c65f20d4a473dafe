import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { cheapVaults } from "../secrets/cheap-vault.ts";
import { shopProject } from "../secrets/shop.ts";
import { integInProcess } from "../support/in-process.ts";

const VALUE = ["canary", "Alpha", "7731"].join("-");

let cwd: string;
let env: Record<string, string>;

/** A program that keeps what it reads, and fails while a file of this name is there. */
const RECEIVER = `#!/bin/sh
[ ! -e broken ] || { cat >&2; exit 7; }
cat > "arrived-$INTEG_PUSH_KEY"
env > environment
`;

beforeEach(async () => {
  cwd = await shopProject({ store: "vault" });
  env = await cheapVaults(cwd);
  const config = join(cwd, "integ.config.yaml");
  const text = await readFile(config, "utf8");
  const push = `secrets:
  store: vault
  push:
    receiver: { to: command, environment: dev, secrets: [stripe/api_key], command: [./receive.sh] }
`;
  await writeFile(config, text.replace(/^secrets: .*$/m, push.trimEnd()));
  await writeFile(join(cwd, "receive.sh"), RECEIVER);
  await chmod(join(cwd, "receive.sh"), 0o755);
  await cli("set", "stripe/api_key", VALUE);
});

const cli = (verb: string, rest: string, stdin = "") =>
  integInProcess(["secrets", verb, ...rest.split(" ").filter(Boolean)], { cwd, env, stdin });

const push = (rest = "--yes") => cli("push", rest);
const arrived = () => readFile(join(cwd, "arrived-STRIPE_API_KEY"), "utf8");

describe("integ secrets push", () => {
  test("hands a value to its target once, again when told to or when the value changed", async () => {
    expect(await push()).toMatchObject({ code: 0 });
    expect(await arrived()).toBe(VALUE);
    await rm(join(cwd, "arrived-STRIPE_API_KEY"));
    expect(await push()).toMatchObject({ code: 0 });
    await expect(arrived()).rejects.toThrow("ENOENT");
    expect(await push("--force --yes")).toMatchObject({ code: 0 });
    expect(await arrived()).toBe(VALUE);
    await cli("set", "stripe/api_key", "another-value-1");
    expect(await push("--to receiver --yes --json")).toMatchObject({ code: 0, stderr: "" });
    expect(await arrived()).toBe("another-value-1");
  });

  test("shows the plan and hands out nothing with --dry-run, or where nobody can be asked", async () => {
    const planned = await push("--dry-run");
    expect([planned.code, planned.stdout]).toEqual([0, expect.stringContaining("receiver")]);
    expect((await push("")).code).toBe(2);
    await expect(arrived()).rejects.toThrow("ENOENT");
  });

  test("ends with 3 where a target fails, and goes on where it stopped", async () => {
    await writeFile(join(cwd, "broken"), "");
    expect((await push()).code).toBe(3);
    await rm(join(cwd, "broken"));
    expect(await push()).toMatchObject({ code: 0 });
    expect(await arrived()).toBe(VALUE);
  });

  test("a forced push that fails is open: what arrived earlier no longer counts", async () => {
    expect(await push()).toMatchObject({ code: 0 });
    await writeFile(join(cwd, "broken"), "");
    expect((await push("--force --yes")).code).toBe(3);
    await rm(join(cwd, "broken"));
    expect(await push()).toMatchObject({ code: 0, stdout: expect.stringContaining("pushed") });
  });

  test("names a target and a secret that are not there", async () => {
    expect(await push("--to reciever --yes")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/receiver/),
    });
    expect(await push("stripe/api_kee --yes")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/api_key/),
    });
  });

  test("leaves the value nowhere else: no output, no file, no variable of the program", async () => {
    await writeFile(join(cwd, "broken"), "");
    const outputs = [await push("--yes --verbose")];
    await rm(join(cwd, "broken"));
    outputs.push(await push("--yes --json"), await cli("audit", "--json"), await cli("list", "--json"));
    expect(outputs.filter(({ stdout, stderr }) => (stdout + stderr).includes(VALUE))).toEqual([]);
    const files = (await readdir(cwd, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    const holding: string[] = [];
    for (const { parentPath, name } of files) {
      if ((await readFile(join(parentPath, name), "latin1")).includes(VALUE)) holding.push(name);
    }
    expect(holding).toEqual(["arrived-STRIPE_API_KEY"]);
    expect(await readFile(join(cwd, "environment"), "utf8")).not.toContain("INTEG_VAULT");
  });
});
