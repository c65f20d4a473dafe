import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ONE_THREAD } from "../support/fresh-project.ts";
import { readDocument, repositoryFile } from "../support/markdown.ts";

interface Snippet {
  name: string;
  code: string;
  runs: boolean;
}

/** The whole programs of the page: what has an import. */
const snippets: Snippet[] = [
  ...readDocument("docs/runtime.md").matchAll(/^```ts( run)?\n([\s\S]*?)^```$/gm),
].flatMap(([, run, code = ""], index) =>
  code.startsWith("import ") ? [{ name: `snippet-${index}.ts`, code, runs: run !== undefined }] : [],
);

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "integ-docs-"));
  symlinkSync(repositoryFile("node_modules"), join(home, "node_modules"));
  for (const { name, code } of snippets) writeFileSync(join(home, name), code);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test("every snippet of docs/runtime.md is right by its types", () => {
  expect(snippets.length).toBeGreaterThan(4);
  const compilerOptions = {
    target: "ES2023",
    module: "NodeNext",
    types: ["node"],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    paths: {
      "integ/runtime": [repositoryFile("src/runtime/index.ts")],
      "integ/testing": [repositoryFile("src/testing/index.ts")],
    },
  };
  writeFileSync(join(home, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(home, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  const tsc = repositoryFile("node_modules/typescript/bin/tsc");
  let said = "";
  try {
    execFileSync(process.execPath, [tsc, "-p", "tsconfig.json", ONE_THREAD], { cwd: home, encoding: "utf8" });
  } catch (error) {
    said = String(error instanceof Error && "stdout" in error ? error.stdout : error);
  }
  expect(said).toBe("");
});

test("every export of integ/runtime and integ/testing is on the page", () => {
  const page = readDocument("docs/runtime.md");
  const exported = ["src/runtime/index.ts", "src/testing/index.ts"].flatMap((file) =>
    [...readDocument(file).matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, names = ""]) =>
      names.split(",").map((name) => name.trim().replace(/^type /, "")),
    ),
  );
  const missing = exported.filter((name) => name !== "" && !new RegExp(`\\b${name}\\b`).test(page));
  expect(missing).toEqual([]);
  expect(exported.length).toBeGreaterThan(150);
});

/** Acme, as the snippets know it. */
function acme(url: string): Response {
  const { pathname, searchParams } = new URL(url);
  if (pathname === "/plans/unknown") return new Response("{}", { status: 404 });
  if (pathname !== "/customers") return Response.json({ id: "1" });
  const last = searchParams.has("starting_after");
  return Response.json({ data: [{ id: last ? "b" : "a" }], has_more: !last });
}

describe("a snippet of docs/runtime.md", () => {
  test.each(snippets.filter(({ runs }) => runs))("runs: $name", async ({ name, code }) => {
    vi.stubGlobal("fetch", async (url: string) => acme(url));
    vi.stubEnv("ACME_API_KEY", ["made", "up"].join("-"));
    vi.stubEnv("ACME_SIGNING_KEY", ["made", "up", "too"].join("-"));
    const said = vi.spyOn(console, "log").mockImplementation(() => {});
    try {
      await import(/* @vite-ignore */ join(home, name));
      const lines = said.mock.calls.map((words) => words.join(" "));
      if (code.includes("linkPagination")) expect(lines).toEqual(["1", "1", "1"]);
      if (code.includes("cursorPagination")) expect(lines.slice(0, 2)).toEqual(["a", "b"]);
      if (code.includes("fallback")) expect(lines).toContain("fallback free");
    } finally {
      said.mockRestore();
      vi.unstubAllGlobals();
      vi.unstubAllEnvs();
    }
  });
});
