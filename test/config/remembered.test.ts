import { mkdir, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadProject } from "../../src/config/load.ts";
import { rememberedProject } from "../../src/config/remembered.ts";
import { temporaryDirectory } from "../support/cli.ts";

// What is protected: a project that is remembered is never another than the one in the files.

const STRIPE = "src/integrations/stripe/integration.yaml";
const FILES = {
  "integ.config.yaml": "environments: { dev: , prod: { protected: true } }\n",
  "package.json": '{"name":"shop"}',
  [STRIPE]:
    "name: stripe\nbaseUrl: https://api.stripe.com\nsecrets: { api_key: { pattern: { dev: ^sk_test_ } } }\n",
};

async function setUp() {
  const home = await temporaryDirectory();
  const root = join(home, "checkout");
  const write = async (name: string, text: string) => {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  };
  for (const [name, text] of Object.entries(FILES)) await write(name, text);
  const env = { XDG_CACHE_HOME: join(home, "cache") };
  const recall = (cwd = root) => rememberedProject({ cwd, env });
  const memories = async () => {
    const names = await readdir(join(home, "cache/integ"));
    return names.map((name) => join(home, "cache/integ", name));
  };
  return { home, root, write, recall, memories };
}

describe("a remembered project", () => {
  test("is the one that was loaded, patterns included, and lies outside the repository for its owner alone", async () => {
    const { root, recall, memories } = await setUp();
    const loaded = await loadProject({ cwd: root });
    expect(await recall()).toEqual(loaded);
    const [file = ""] = await memories();
    const written = (await stat(file)).mtimeMs;
    expect(await recall()).toEqual(loaded);
    expect((await stat(file)).mtimeMs).toBe(written);
    if (process.platform !== "win32") expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readdir(root)).sort()).toEqual(["integ.config.yaml", "package.json", "src"]);
  });

  test.each<[string, (at: Awaited<ReturnType<typeof setUp>>) => Promise<unknown>]>([
    ["the configuration", ({ write }) => write("integ.config.yaml", "environments: { dev: , test: }\n")],
    ["a manifest", ({ write }) => write(STRIPE, FILES[STRIPE].replace("sk_test_", "rk_test_"))],
    [
      "a further manifest",
      ({ write }) => write("src/integrations/acme/integration.yaml", "name: acme\nbaseUrl: https://a.dev\n"),
    ],
    ["a manifest that is gone", ({ root }) => rm(join(root, dirname(STRIPE)), { recursive: true })],
    ["the package's name", ({ write }) => write("package.json", '{"name":"toys"}')],
    ["a package.json that is gone", ({ root }) => rm(join(root, "package.json"))],
  ])("%s: a change is seen, although the file has the age that it had", async (_, change) => {
    const place = await setUp();
    const { root, recall } = place;
    const before = await recall();
    await change(place);
    const past = new Date("2026-01-01");
    for (const name of Object.keys(FILES)) await utimes(join(root, name), past, past).catch(() => {});
    const now = await recall();
    expect(now).toEqual(await loadProject({ cwd: root }));
    expect(now).not.toEqual(before);
  });

  test("builds that are used in turn leave each other's memory alone, and trust none but their own", async () => {
    const { home, root, recall, memories } = await setUp();
    const env = { XDG_CACHE_HOME: join(home, "cache") };
    const other = () => rememberedProject({ cwd: root, env, maker: "another-build" });
    const loaded = await recall();
    expect(await other()).toEqual(loaded);
    const written = await Promise.all((await memories()).map(async (file) => (await stat(file)).mtimeMs));
    expect(written).toHaveLength(2);
    expect([await recall(), await other()]).toEqual([loaded, loaded]);
    expect(await Promise.all((await memories()).map(async (file) => (await stat(file)).mtimeMs))).toEqual(
      written,
    );
    // What another build made is not used, even where it lies in the place of one's own.
    const [own = "", foreign = ""] = (await memories()).sort((a) => (a.includes("another-build") ? 1 : -1));
    await writeFile(own, await readFile(foreign));
    await recall();
    expect(await readFile(own)).not.toEqual(await readFile(foreign));
  });

  test("a memory that was not written for a quarter is forgotten when another is written; other files stay", async () => {
    const { home, root, recall, write, memories } = await setUp();
    await recall();
    const cache = join(home, "cache/integ");
    const aged = ["%2Fgone.project", ".%2Fgone.project.0a1b.tmp", "notes.txt"].map((name) =>
      join(cache, name),
    );
    for (const file of aged) {
      await writeFile(file, "");
      await utimes(file, new Date("2026-01-01"), new Date("2026-01-01"));
    }
    await writeFile(join(cache, "%2Fnew.project"), "");
    const [own = ""] = (await memories()).filter((file) =>
      file.includes(encodeURIComponent(root).slice(-40)),
    );
    await write(STRIPE, FILES[STRIPE].replace("sk_test_", "rk_test_"));
    await recall();
    expect((await memories()).sort()).toEqual(
      [own, join(cache, "%2Fnew.project"), join(cache, "notes.txt")].sort(),
    );
  });

  test("an error that came in is told, with its place as seen from where one stands", async () => {
    const { root, write, recall } = await setUp();
    await recall();
    await recall(join(root, "src"));
    await write(STRIPE, "name: stripe\nbaseUrl: 1\n");
    await expect(recall(join(root, "src"))).rejects.toMatchObject({
      problems: [{ location: { file: "integrations/stripe/integration.yaml", line: 2 } }],
    });
  });

  test("a memory that is cut off, empty, of others or cannot be written is none", async () => {
    const { home, root, recall, memories } = await setUp();
    const loaded = await loadProject({ cwd: root });
    await recall();
    const [file = ""] = await memories();
    const whole = await readFile(file);
    for (const length of [0, 1, whole.length >> 1, whole.length - 1]) {
      await truncate(file, length);
      expect(await recall()).toEqual(loaded);
      expect(await readFile(file)).toEqual(whole);
    }
    await writeFile(file, "something else");
    expect(await recall()).toEqual(loaded);
    await rm(join(home, "cache"), { recursive: true });
    await writeFile(join(home, "cache"), "a file in its place");
    expect(await recall()).toEqual(loaded);
    expect(await rememberedProject({ cwd: root, env: {} })).toEqual(loaded);
  });
});
