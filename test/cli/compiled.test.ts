import {
  chmod,
  chown,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import module from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Run, run, temporaryDirectory } from "../support/cli.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A copy of the built integ. */
async function copied(finished?: (work: () => Promise<void>) => void): Promise<string> {
  const directory = await temporaryDirectory(finished);
  const filter = (from: string) => !from.endsWith("types");
  for (const part of ["bin", "dist", "package.json"]) {
    await cp(join(root, part), join(directory, part), { recursive: true, filter });
  }
  await symlink(join(root, "node_modules"), join(directory, "node_modules"), "junction");
  return directory;
}

let shared: string;
beforeAll(async () => {
  shared = await copied(afterAll);
});

/** integ with a home of its own. */
async function installed(directory = shared) {
  const home = await temporaryDirectory();
  const kept = join(home, ".cache/integ/compiled");
  const files = async () => (await readdir(kept)).map((name) => join(kept, name));
  return {
    home,
    kept,
    files,
    fileOf: async (name: string) => (await files()).find((file) => file.includes(name)) ?? "",
    integ: (args: readonly string[], env: Record<string, string> = {}): Promise<Run> =>
      run(process.execPath, [join(directory, "bin/integ.cjs"), ...args], {
        cwd: home,
        env: { HOME: home, NODE_COMPILE_CACHE: undefined, ...env },
      }),
  };
}

// From 22.1 on Node does it by itself.
describe.skipIf("enableCompileCache" in module)("what was compiled is kept", () => {
  test("for the user alone, and after ten starts, which differ in what they need, used as it is", async () => {
    const { integ, files, kept } = await installed();
    const first = await integ(["--help"]);
    expect((await stat(kept)).mode & 0o777).toBe(0o700);
    const made = await files();
    expect(made.length).toBeGreaterThan(0);
    for (const file of made) expect((await stat(file)).mode & 0o777).toBe(0o600);
    const times = () => Promise.all(made.map(async (file) => (await stat(file)).mtimeMs));
    const [before] = await Promise.all([times(), integ(["init", "--help"])]);
    expect(await times()).not.toEqual(before);
    for (let starts = 2; starts < 10; starts++) await integ(["--version"]);
    const after = await times();
    expect(await integ(["--help"])).toEqual(first);
    expect(await times()).toEqual(after);
  });

  test("and holds for exactly this source: what is built anew, in a file as old and as long, runs as it is built", async () => {
    const directory = await copied();
    const { integ } = await installed(directory);
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    expect((await integ(["--version"])).stdout).toBe(`${version}\n`);
    const main = join(directory, "dist/main.cjs");
    const { atime, mtime } = await stat(main);
    const text = await readFile(main, "utf8");
    expect(text).toContain(`${version}`);
    await writeFile(main, text.replaceAll(version, "9.9.9"));
    await utimes(main, atime, mtime);
    expect((await integ(["--version"])).stdout).toBe("9.9.9\n");
  });

  test.each([
    ["damaged at its beginning", (bytes: Buffer) => bytes.fill(0xa5, 0, 4)],
    ["damaged in the code", (bytes: Buffer) => bytes.fill(0xa5, 5_000, 5_100)],
    ["damaged in the source", (bytes: Buffer) => bytes.fill(0x20, bytes.length - 100)],
    ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ["empty", () => Buffer.alloc(0)],
  ])("a file that is %s is made anew, and nobody notices", async (_, damage) => {
    const { integ, fileOf } = await installed();
    const first = await integ(["--help"]);
    const file = await fileOf("main.cjs");
    const whole = await readFile(file);
    await writeFile(file, damage(Buffer.from(whole)));
    expect(await integ(["--help"])).toEqual(first);
    expect((await readFile(file)).length).toBeGreaterThan(whole.length / 2);
    expect((await readFile(file)).subarray(-1_000)).toEqual(whole.subarray(-1_000));
  });

  test("nowhere, where it cannot be or shall not be written", async () => {
    const { integ, home, kept } = await installed();
    const first = await integ(["--help"], { NODE_DISABLE_COMPILE_CACHE: "1" });
    expect(first.code).toBe(0);
    await expect(readdir(kept)).rejects.toThrow("ENOENT");
    await writeFile(join(home, "file"), "");
    expect(await integ(["--help"], { XDG_CACHE_HOME: join(home, "file") })).toEqual(first);
    expect(await integ(["--help"], { NODE_COMPILE_CACHE: join(home, "file") })).toEqual(first);
    await chmod(home, 0o500);
    expect(await integ(["--help"])).toEqual(first);
  });

  test("a disk that is full is left as it is: what could not be written whole goes away", async () => {
    const { integ, kept, files } = await installed();
    await integ(["--help"]);
    const [file = ""] = (await files()).filter((one) => one.includes("main.cjs"));
    await rm(file);
    // A directory in its place: the last step fails, as any step does on such a disk.
    await mkdir(file);
    expect((await integ(["--help"])).code).toBe(0);
    expect((await readdir(kept)).filter((name) => name.includes("main.cjs"))).toHaveLength(1);
  });

  test.skipIf(process.getuid?.() !== 0)("what another user wrote is not run, and made anew", async () => {
    const { integ, fileOf } = await installed();
    await integ(["--help"]);
    const file = await fileOf("main.cjs");
    await chown(file, 65_534, 65_534);
    expect((await integ(["--help"])).code).toBe(0);
    expect((await stat(file)).uid).toBe(0);
  });

  test("not for ever: what nobody made anew for 90 days goes away", async () => {
    const { integ, kept, files } = await installed();
    await mkdir(kept, { recursive: true });
    const old = join(kept, "gone.cjs.v20.0.0-x64");
    await writeFile(old, "");
    const then = new Date(Date.now() - 91 * 86_400_000);
    await utimes(old, then, then);
    const foreign = join(kept, "notes.txt");
    await writeFile(foreign, "");
    await utimes(foreign, then, then);
    await integ(["--help"]);
    expect(await files()).not.toContain(old);
    expect(await files()).toContain(foreign);
    expect((await files()).length).toBeGreaterThan(0);
  });
});
