import { execFileSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSecretName, SECRET_NAME_END } from "../../src/http/redact.ts";
import type { Sought } from "../../src/secrets/scan/detectors.ts";
import { findingsOf } from "../../src/secrets/scan/findings.ts";
import { Git } from "../../src/secrets/scan/git.ts";
import { PRESET_PATTERNS } from "../../src/secrets/scan/preset-patterns.ts";
import { ripgrep } from "../../src/secrets/scan/ripgrep.ts";
import { scanFiles } from "../../src/secrets/scan/scan-files.ts";
import { placesBelow } from "../../src/secrets/scan/walk.ts";
import { generateVaultKey } from "../../src/secrets/stores/vault-key.ts";
import { temporaryDirectory } from "../support/cli.ts";
import { randomText } from "./random-text.ts";

const { signal } = new AbortController();

const known = [
  { secret: "a/token", environment: "prod", value: randomText(24) },
  { secret: "b/words", environment: "dev", value: "correct horse, battery (staple)" },
  {
    secret: "c/pem",
    environment: "dev",
    value: ["-----BEGIN-----", randomText(64), "-----END-----"].join("\n"),
  },
  { secret: "d/bytes", environment: "dev", value: "na\u00efve \u0000 \ud83d\udd11 secret" },
  { secret: "e/regex", environment: "dev", value: "a+b|(c[d]{2}\\e)$" },
];
const sought: Sought = {
  patterns: [
    ...PRESET_PATTERNS,
    { provider: "acme", secret: "key", variable: "ACME_KEY", pattern: "^-acme_[a-z0-9]+$" },
    { provider: "acme", secret: "odd", variable: "ACME-ODD/KEY", pattern: "^[a-z0-9]{24}$" },
  ],
  known,
};

/** ripgrep is not there: every file is read. */
const without: typeof ripgrep = async () => undefined;

/** What a scan finds, and how many files it counts. */
async function scanned(root: string, start: typeof ripgrep, paths: string[] = []) {
  const places = placesBelow(root, paths, new Git(root, signal), {});
  const { found, count } = await scanFiles(places, sought, signal, start);
  const told = found.flatMap(({ path, hits }) =>
    findingsOf(hits, { file: relative(root, path) }).map(
      ({ message, location }) => `${location?.file}:${location?.line}:${location?.column} ${message}`,
    ),
  );
  return { count, told: told.sort() };
}

/** ripgrep, which must not leave its work to others: it would be found out by nothing but time. */
const working: typeof ripgrep = async (patterns, until) => {
  const find = await ripgrep(patterns, until);
  return async (paths, take) => {
    const count = await find?.(paths, take);
    expect(count).toBeTypeOf("number");
    return count;
  };
};

/** Both ways, which must agree. */
async function both(root: string, paths: string[] = []) {
  const byRipgrep = await scanned(root, working, paths);
  expect(byRipgrep).toEqual(await scanned(root, without, paths));
  return byRipgrep;
}

test("every name of a secret ends as the search for such names wants it", () => {
  const part = fc.constantFrom(
    ...[
      "key",
      "Key",
      "api",
      "API",
      "appid",
      "auth",
      "Authorization",
      "code",
      "jwt",
      "sas",
      "sig",
      "pwd",
      "pass",
    ],
    ...["token", "secret", "passw", "credential", "signature", "cookie", "proxy", "x", "private", "9"],
  );
  const name = fc
    .array(fc.tuple(part, fc.constantFrom("", "_", "-", ".")), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.flat().join(""));
  const ending = new RegExp(`(?:${SECRET_NAME_END})$`, "i");
  fc.assert(
    fc.property(name, (text) => {
      fc.pre(isSecretName(text));
      expect(text).toMatch(ending);
    }),
    { numRuns: 3000 },
  );
});

describe("with ripgrep and without, the same is found in the same files", () => {
  // Most about as long as what is just long enough, with about as many digits as just suffice.
  const token = fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9]{16,17}$/),
    fc.stringMatching(/^[A-Za-z0-9]{19,22}$/),
    fc.stringMatching(/^[A-Za-z]{4,9}[0-9][A-Za-z]{7,9}[0-9]?[A-Za-z]{1,3}$/),
    fc.stringMatching(/^[A-Za-z]{14,20}[0-9.]{0,4}[A-Za-z0-9_]{0,3}$/),
    fc.stringMatching(/^[A-Za-z0-9]{23,44}$/),
    fc.stringMatching(/^[a-f0-9]{24,40}$/),
  );
  const head = fc.constantFrom(
    ...[
      "sk-",
      "sk-ant-",
      "sk_live_",
      "rk_test_",
      "ghp_",
      "github_pat_",
      "glpat-",
      "pat-na1-",
      "ATATT3",
      "ntn_",
    ],
    ...["SG.", "shpat_", "xoxb-", "-acme_", "AC", "SK"],
  );
  const name = fc.constantFrom(
    ...[
      "DD_API_KEY",
      "PLAID_SECRET",
      "ACME_KEY",
      "ACME-ODD/KEY",
      "password",
      "clientSecret",
      "client.secret",
    ],
    ...[
      "x-api-key",
      "Cookie",
      "sig",
      "jwt",
      "title",
      "public_key",
      "TOKENS_OF_MINE",
      "9key",
      "authorization",
    ],
  );
  const assigns = fc.constantFrom(
    "=",
    ":",
    " = ",
    ": ",
    '": "',
    "'] = '",
    " => ",
    " := `",
    " ==",
    "\t:\t",
    "\u00a0= ",
    "",
  );
  const value = fc.constantFrom(
    ...known.flatMap((one) => [
      one.value,
      one.value.replaceAll("\n", "\r\n  "),
      Buffer.from(one.value).toString("base64"),
      Buffer.from(one.value).toString("base64url"),
    ]),
    generateVaultKey(),
  );
  const around = fc.constantFrom(
    "",
    " ",
    "\n",
    "\r\n",
    '"',
    ".",
    "-",
    "x",
    "\u0000",
    "é",
    "integ:not-a-secret",
    ";\n",
  );
  const line = fc.oneof(
    fc.tuple(around, head, token, around),
    fc.tuple(around, name, assigns, token, around),
    fc.tuple(around, name, assigns, head, token, around),
    fc.tuple(around, value, around),
    fc.tuple(around, fc.string({ unit: "binary", maxLength: 30 })),
    fc.tuple(fc.constantFrom(" ".repeat(9000), "word ".repeat(2000), "\u0000\n")),
  );
  const encoded = fc.constantFrom<(text: string) => Buffer>(
    (text) => Buffer.from(text),
    (text) => Buffer.from(text, "latin1"),
    (text) => Buffer.from(text, "latin1"),
    (text) => Buffer.from(`\ufeff${text}`),
    (text) => Buffer.from(`\ufeff${text}`, "utf16le"),
    (text) => Buffer.from(text, "utf16le"),
  );
  const file = fc
    .tuple(fc.array(line, { maxLength: 2 }), encoded)
    .map(([lines, encode]) => encode(lines.flat().join("")));

  test("whatever stands in them", async () => {
    let told = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 100, maxLength: 200 }), async (files) => {
        const root = await temporaryDirectory();
        files.forEach((bytes, index) => {
          writeFileSync(join(root, `${index}.txt`), bytes);
        });
        const result = await both(root);
        expect(result.count).toBe(files.length);
        told += result.told.length;
        await rm(root, { recursive: true });
      }),
      { numRuns: 30 },
    );
    expect(told).toBeGreaterThan(80);
  });

  const key = () => `sk_live_${randomText(24)}`;
  /** A tree with all that a file system and a repository may hold. */
  async function tree() {
    const root = await temporaryDirectory();
    for (const directory of [
      ".hidden",
      "ignored",
      "node_modules/x",
      "sub/.git",
      "sub/node_modules",
      "deep/er",
    ])
      await mkdir(join(root, directory), { recursive: true });
    const write = (name: string, text: string | Buffer) => writeFileSync(join(root, name), text);
    const places = [
      ".hidden/a",
      "ignored/a",
      "node_modules/x/a",
      "sub/.git/a",
      "sub/node_modules/a",
      "deep/er/a",
    ];
    for (const place of [...places, "-e", "a b\nc", "ünïcode", ".ignore"]) write(place, `${key()}\n`);
    write(".rgignore", "*\n");
    write(".gitignore", "ignored\n");
    write("empty", "");
    write("long-line", `${"a b ".repeat(1_200_000)} ${key()}\n${"x".repeat(100)}`);
    write("late-nul", Buffer.concat([Buffer.alloc(9000, "a\n"), Buffer.from(`\0\n\n${key()}`)]));
    write("binary", Buffer.concat([Buffer.from([0]), Buffer.from(key())]));
    write("late-value", Buffer.concat([Buffer.alloc(9000, "a\n"), Buffer.from(known[3]?.value ?? "")]));
    execFileSync("mkfifo", [join(root, "pipe")]);
    symlinkSync("pipe", join(root, "link-to-pipe"));
    symlinkSync("/dev/zero", join(root, "link-to-device"));
    symlinkSync("-e", join(root, "link-to-file"));
    symlinkSync("deep", join(root, "link-to-directory"));
    symlinkSync("nowhere", join(root, "link-to-nothing"));
    return root;
  }
  const filesOf = (told: readonly string[]) => told.map((text) => text.replace(/:\d+:\d+ .*$/s, ""));

  test("outside a repository: hidden and ignored files, no links, nothing of .git and node_modules", async () => {
    const root = await tree();
    const { told } = await both(root);
    expect(filesOf(told)).toEqual(
      [
        "-e",
        ".hidden/a",
        ".ignore",
        "a b\nc",
        "deep/er/a",
        "ignored/a",
        "late-nul",
        "late-value",
        "long-line",
        "ünïcode",
      ].sort(),
    );
    // What is named is looked at, wherever it lies.
    const named = await both(root, [
      "node_modules",
      "link-to-file",
      "link-to-pipe",
      "link-to-directory",
      "-e",
    ]);
    expect(filesOf(named.told)).toEqual(["-e", "link-to-file", "node_modules/x/a"]);
  });

  test("in a repository: what git knows or would take up, and what its links lead to", async () => {
    const root = await tree();
    execFileSync("git", ["init", "-q"], { cwd: root });
    await mkdir(join(root, "nested"));
    execFileSync("git", ["init", "-q"], { cwd: join(root, "nested") });
    writeFileSync(join(root, "nested/a"), key());
    execFileSync("git", ["add", "-A", "-f", "deep", "link-to-pipe"], { cwd: root });
    await rm(join(root, "deep/er/a"));
    writeFileSync(join(root, "tracked"), key());
    execFileSync("git", ["add", "tracked"], { cwd: root });
    await rm(join(root, "tracked"));
    execFileSync("mkfifo", [join(root, "tracked")]);
    const { told } = await both(root);
    expect(filesOf(told)).toContain("link-to-file");
    expect(filesOf(told)).not.toContain("ignored/a");
    expect(filesOf(told)).not.toContain("nested/a");
  });

  test("where files vanish between being listed and being read", async () => {
    const root = await temporaryDirectory();
    const paths = ["a", "b"].map((name) => join(root, name));
    for (const start of [ripgrep, without]) {
      for (const path of paths) writeFileSync(path, key());
      async function* places() {
        yield { files: start === ripgrep ? paths : paths.slice(0, 1) };
        await rm(join(root, "b"));
      }
      const { found, count } = await scanFiles(places(), sought, signal, start);
      expect([count, found.map(({ path }) => relative(root, path))]).toEqual([1, ["a"]]);
    }
  });

  test("where ripgrep dies after half of its work: nothing is missing, and nothing told twice", async () => {
    const root = await tree();
    const dying: typeof ripgrep = async () => async (_paths, take) => {
      take([join(root, "-e"), join(root, "ünïcode")]);
      return undefined;
    };
    expect(await scanned(root, dying)).toEqual(await scanned(root, without));
  });
});

test("a thousand values that stores hold are looked for at once, and are in no argument of a program", async () => {
  const root = await temporaryDirectory();
  const many = Array.from({ length: 1000 }, (_, n) => ({
    secret: `a/${n}`,
    environment: "dev",
    value: `value ${n} of ${randomText(20)}`,
  }));
  writeFileSync(join(root, "a"), `one\n${many[700]?.value}\n`);
  writeFileSync(join(root, "b"), "nothing\n");
  const { found } = await scanFiles(
    placesBelow(root, [], new Git(root, signal), {}),
    { patterns: PRESET_PATTERNS, known: many },
    signal,
    working,
  );
  expect(
    found.map(({ hits }) => hits.map(({ reason }) => reason.kind === "known" && reason.known.secret)),
  ).toEqual([["a/700"]]);
});
