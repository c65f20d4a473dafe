import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";
import { describe, expect, test } from "vitest";

const src = fileURLToPath(new URL("../src", import.meta.url));

/** What each room may import besides itself and `base`, which everybody may import and which imports nobody. */
const LAW: Readonly<Record<string, readonly string[]>> = {
  base: [],
  main: ["cli", "host", "version"],
  index: ["commands", "config", "host", "check", "contract", "probe", "http", "secrets", "quota"],
  version: [],
  host: ["cli"],
  cli: ["commands", "version"],
  commands: [
    "check",
    "operate",
    "notify",
    "contract",
    "probe",
    "secrets",
    "scaffold",
    "http",
    "config",
    "history",
    "report",
    "quota",
    "sandbox",
    "version",
  ],
  check: ["contract", "probe", "secrets", "http", "config", "history", "quota"],
  operate: ["check", "contract", "probe", "secrets", "http", "config", "history", "quota"],
  contract: ["http", "config", "history"],
  probe: ["http", "config", "history", "quota"],
  secrets: ["http", "config", "history"],
  scaffold: ["config", "contract", "version"],
  http: ["config", "signing", "version"],
  config: ["signing"],
  signing: [],
  history: [],
  report: [],
  notify: ["http", "report"],
  quota: [],
  runtime: ["quota", "signing", "contract/shape", "contract/compare"],
  testing: ["contract", "runtime"],
  sandbox: [],
};

const room = (path: string) => (path.split("/")[0] ?? "").replace(/\.ts$/, "");

function importsOf(file: string): string[] {
  const { module } = parseSync(file, readFileSync(file, "utf8"));
  const fixed = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.map(({ moduleRequest }) => moduleRequest?.value ?? ""),
    ),
  ];
  const lazy = [...readFileSync(file, "utf8").matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g)].map(
    ([, from]) => from ?? "",
  );
  return [...new Set([...fixed, ...lazy])].filter((from) => from.startsWith("."));
}

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.split(sep).join("/"))
  .sort();

describe("the law of imports", () => {
  test("every room has its law", () => {
    expect([...new Set(files.map(room))].filter((name) => !(name in LAW))).toEqual([]);
  });

  test.each(files)("%s imports only what its room may", (file) => {
    const from = room(file);
    const broken = importsOf(join(src, file))
      .map((specifier) =>
        relative(src, resolve(dirname(join(src, file)), specifier))
          .split(sep)
          .join("/"),
      )
      .filter((to) => {
        const target = room(to);
        if (to.startsWith("../package.json") || target === from || target === "base") return false;
        return !(LAW[from] ?? []).some(
          (allowed) => to === allowed || to.startsWith(`${allowed}/`) || to.startsWith(`${allowed}.`),
        );
      });
    expect(broken).toEqual([]);
  });
});
