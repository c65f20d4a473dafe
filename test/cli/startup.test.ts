import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { binary, temporaryDirectory } from "../support/cli.ts";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const hook = new URL("../support/loaded-modules.mjs", import.meta.url).href;

/** Text that stays in a bundle of each heavy package. */
const MARKERS = {
  undici: "UND_ERR_",
  zod: "$ZodType",
  yaml: "LineCounter",
  inquirer: "usePrefix",
  chalk: "ansi256",
  keychain: "@napi-rs/keyring",
  typescript: "oxc-parser",
  reporters: "sarif-schema-2.1.0",
  subprograms: "node:child_process",
};

/** Files that a command line loads: ours as paths below dist/, others as URLs. */
function loadedBy(args: readonly string[], env: Record<string, string> = {}, cwd = process.cwd()) {
  const { PATH, HOME } = process.env;
  const { status, output } = spawnSync(process.execPath, ["--import", hook, binary, ...args], {
    env: { PATH, HOME, ...env },
    cwd,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    encoding: "utf8",
  });
  const urls = [...String(output[3]).matchAll(/^LOADED (.*)$/gm)].map(([, url = ""]) => url);
  const base = pathToFileURL(dist).href;
  return {
    status,
    // What keeps the others compiled on Node 20 is not theirs to count.
    own: urls
      .filter((url) => url.startsWith(base))
      .map((url) => url.slice(base.length))
      .filter((file) => file !== "compiled.cjs"),
    packages: urls.filter((url) => url.includes("/node_modules/") || url === "node:sqlite"),
  };
}

/** What of `MARKERS` stands in files of ours. */
function heavyIn(own: readonly string[]): string[] {
  const text = own.map((file) => readFileSync(`${dist}${file}`, "utf8")).join("\n");
  return Object.entries(MARKERS).flatMap(([name, marker]) => (text.includes(marker) ? [name] : []));
}

describe("what help and version load", () => {
  test.each([
    { args: ["--version"] },
    { args: [] },
    { args: ["--help"] },
    { args: ["help", "exit-codes"] },
    { args: ["secrets", "--help"] },
    { args: ["secrets", "set", "--help"] },
    { args: ["probe", "-h"] },
    { args: ["nope"], code: 2 },
  ])("integ $args: at most 3 files of ours, and nothing heavy", ({ args, code = 0 }) => {
    const { status, own, packages } = loadedBy(args);
    expect(status).toBe(code);
    expect(own.length).toBeGreaterThan(0);
    expect(own.length).toBeLessThanOrEqual(3);
    expect(packages).toEqual([]);
    expect(heavyIn(own)).toEqual([]);
  });

  test("colour is loaded where it is wanted", () => {
    const { own } = loadedBy(["--help"], { FORCE_COLOR: "1" });
    expect(own.length).toBeLessThanOrEqual(3);
  });

  test("the markers are those of the bundles", () => {
    const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) =>
      /\.c?js$/.test(file),
    );
    const text = files.map((file) => readFileSync(`${dist}${file}`, "utf8")).join("\n");
    expect(Object.entries(MARKERS).filter(([, marker]) => !text.includes(marker))).toEqual([]);
  });
});

/** A project of one integration, without schemas of ours. */
function writeProject(root: string): void {
  mkdirSync(join(root, "src/integrations/acme"), { recursive: true });
  writeFileSync(join(root, "integ.config.yaml"), "project: shop\nenvironments: { dev: { store: env } }\n");
  writeFileSync(
    join(root, "src/integrations/acme/integration.yaml"),
    "name: acme\nbaseUrl: https://api.example.com\nsecrets: { api_key: { env: ACME_KEY } }\nendpoints: { me: { request: GET /me } }\n",
  );
}

test("once it knows the project, `check --json` loads no schema library, no parser and no reporter", async () => {
  const root = await temporaryDirectory();
  writeProject(root);
  const check = () =>
    loadedBy(["check", "--only", "config", "--json"], { HOME: root, ACME_KEY: "of the test" }, root);
  const [first, second] = [check(), check()];
  expect([first.status, second.status]).toEqual([1, 1]);
  expect(heavyIn(first.own)).toEqual(expect.arrayContaining(["zod", "yaml"]));
  // undici's errors are known by name and the keychain's store lies beside the others; the libraries stay where they are.
  expect(heavyIn(second.own)).toEqual(["undici", "keychain", "subprograms"]);
  expect(second.own.length).toBeLessThanOrEqual(12);
  expect(second.packages).toEqual([]);
});

test("once it knows the project, `run` loads four files of ours before its program starts, and neither YAML nor schemas", async () => {
  const root = await temporaryDirectory();
  writeProject(root);
  const run = () =>
    loadedBy(["run", "--env", "dev", "--", "true"], { HOME: root, ACME_KEY: "of the test" }, root);
  const [first, second] = [run(), run()];
  expect([first.status, second.status]).toEqual([0, 0]);
  expect(heavyIn(first.own)).toEqual(expect.arrayContaining(["zod", "yaml"]));
  // The code of the keychain's store lies in the same file; its library stays where it is.
  expect(heavyIn(second.own)).toEqual(["keychain", "subprograms"]);
  // The start, the bundler's helpers, `run`, and this store; what writes the audit log comes behind the program's start.
  const written = second.own.findIndex((file) => /\baudited-/.test(file));
  expect(written).toBeGreaterThan(0);
  expect(second.own.slice(0, written).length).toBeLessThanOrEqual(4);
});

test("once it knows the project, `secrets list` loads six files of ours: not what compares documents, checks or asks providers", async () => {
  const root = await temporaryDirectory();
  writeProject(root);
  const list = () => loadedBy(["secrets", "list"], { HOME: root, ACME_KEY: "of the test" }, root);
  const [first, second] = [list(), list()];
  expect([first.status, second.status]).toEqual([0, 0]);
  expect(second.own.length).toBeLessThanOrEqual(6);
  expect(second.own.filter((file) => /\b(?:diff|check|exchange|contract)-/.test(file))).toEqual([]);
});

test("`secrets scan`, which stands before every commit, loads neither documents nor the network nor schemas", async () => {
  const root = await temporaryDirectory();
  writeFileSync(join(root, "a.txt"), "nothing\n");
  const { status, own } = loadedBy(["secrets", "scan", "a.txt"], {}, root);
  expect(status).toBe(0);
  expect(own.filter((file) => /chunks\/(?:check|diff|exchange|contract|secrets)-/.test(file))).toEqual([]);
  expect(heavyIn(own)).not.toContain("yaml");
  expect(own.length).toBeLessThanOrEqual(5);
});

test("`diff` of two JSON documents loads no parser of YAML, no schemas and no network", async () => {
  const root = await temporaryDirectory();
  writeFileSync(join(root, "old.json"), '{"type": "object", "properties": {"a": {"type": "string"}}}');
  writeFileSync(join(root, "new.json"), '{"type": "object", "properties": {"a": {"type": "integer"}}}');
  const { status, own, packages } = loadedBy(["diff", "old.json", "new.json"], { HOME: root }, root);
  expect(status).toBe(1);
  expect(heavyIn(own)).toEqual([]);
  expect(own.filter((file) => file.includes("js-yaml"))).toEqual([]);
  expect(packages).toEqual([]);
});
