import { execFileSync } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { touchedIntegrations } from "../../../src/check/choice/changed.ts";
import { loadProject } from "../../../src/config/load.ts";
import { checkIn, projectWith } from "../project.ts";

const manifest = (name: string) =>
  `name: ${name}\nbaseUrl: http://127.0.0.1:9\nactive: v1\nversions: { v1: {} }\nendpoints:\n  get: { request: GET /x }\n`;
const FILES = {
  "package.json": "{}",
  "integ.config.yaml": "project: shop\n",
  "src/integrations/stripe/integration.yaml": manifest("stripe"),
  "src/integrations/stripe/v1/client.ts": "export {};\n",
  "src/integrations/stripe-tax/integration.yaml": manifest("stripe-tax"),
  "src/integrations/stripe-tax/v1/client.ts": "export {};\n",
};

async function touched(changed: Record<string, string | undefined>) {
  const root = await projectWith(FILES);
  const project = await loadProject({ cwd: root });
  const files = new Map(Object.entries(changed).map(([name, text]) => [join(root, name), text]));
  return touchedIntegrations(project, [...files.keys()], (file) => files.get(file)).map(({ name }) => name);
}

describe("integrations that a change touches", () => {
  test.each<[string, Record<string, string | undefined>, string[]]>([
    ["its own file", { "src/integrations/stripe/v1/schemas.ts": "" }, ["stripe"]],
    ["a file of its own that is gone", { "src/integrations/stripe/v1/old.ts": undefined }, ["stripe"]],
    [
      "a file that imports it",
      { "src/pay.ts": 'import { x } from "./integrations/stripe/index.ts";' },
      ["stripe"],
    ],
    [
      "a file that imports it later",
      { "src/pay.ts": 'const x = await import("./integrations/stripe");' },
      ["stripe"],
    ],
    [
      "a file that passes it on",
      { "src/pay.ts": 'export * from "./integrations/stripe/v1/client.ts";' },
      ["stripe"],
    ],
    ["an import by alias", { "src/a/b/pay.tsx": 'import { x } from "@/integrations/stripe";' }, ["stripe"]],
    [
      "an import of one whose name is longer",
      { "src/pay.ts": 'import "~/integrations/stripe-tax/v1/client";' },
      ["stripe-tax"],
    ],
    ["the configuration", { "integ.config.yaml": "" }, ["stripe", "stripe-tax"]],
    ["another file", { "src/other.ts": 'import "./pay.ts"; const s = "integrations/stripe";' }, []],
    ["a file that is no code", { "README.md": 'import "./src/integrations/stripe";' }, []],
    ["a file with broken syntax", { "src/x.ts": "import {{{" }, []],
  ])("%s", async (_, changed, expected) => {
    expect(await touched(changed)).toEqual(expected);
  });
});

describe("--changed", () => {
  const git = (cwd: string, ...args: string[]) =>
    execFileSync(
      "git",
      ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", ...args],
      { cwd, stdio: "pipe" },
    );

  test("checks what differs from the branch point: committed, changed and new files", async () => {
    const cwd = await projectWith(FILES);
    await rm(join(cwd, "node_modules"));
    git(cwd, "init", "-q", "-b", "main");
    git(cwd, "add", ".");
    git(cwd, "commit", "-qm", "start");
    const endpoints = async () => {
      const { report } = await checkIn(cwd, { changed: "main", only: "config" });
      return report.endpoints.map(({ integration }: { integration: string }) => integration).sort();
    };
    expect(await endpoints()).toEqual([]);
    await writeFile(join(cwd, "src/integrations/stripe/v1/new.ts"), "");
    expect(await endpoints()).toEqual(["stripe"]);
    git(cwd, "checkout", "-qb", "topic");
    git(cwd, "add", ".");
    git(cwd, "commit", "-qm", "topic");
    await writeFile(join(cwd, "src/integrations/stripe-tax/v1/client.ts"), "export const x = 1;\n");
    expect(await endpoints()).toEqual(["stripe", "stripe-tax"]);
  });

  test("a ref that is not there, or looks like an option, is wrong usage", async () => {
    const cwd = await projectWith(FILES);
    git(cwd, "init", "-q");
    for (const changed of ["nowhere", "--output=x"]) {
      await expect(checkIn(cwd, { changed, only: "config" })).rejects.toMatchObject({
        code: "usage/changed",
        exitCode: 2,
      });
    }
  });
});
