import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { loadDocument } from "../../src/contract/document/load.ts";
import type { Answers } from "../../src/scaffold/answers.ts";
import { versionFiles } from "../../src/scaffold/module.ts";
import { operationsOf, readApi } from "../../src/scaffold/openapi/source.ts";
import { resolveSpec } from "../../src/scaffold/resolve.ts";
import type { OperationSpec } from "../../src/scaffold/spec.ts";
import { freshProject, runTests, typeCheck } from "../support/fresh-project.ts";

vi.setConfig({ testTimeout: 600_000, hookTimeout: 120_000 });

/** Real documents lie beside the project on CI and on developers' machines, and are absent elsewhere. */
const DIRECTORY = fileURLToPath(new URL("../../../shared/data/specs/", import.meta.url));
/** All of them take three minutes, most of it the compiler's. */
const ALL = process.env.INTEG_ALL_DOCUMENTS === "1";

/** The newest document of each provider, or all. */
function documents(): string[] {
  if (!existsSync(DIRECTORY)) return [];
  return readdirSync(DIRECTORY).flatMap((provider) => {
    const files = readdirSync(join(DIRECTORY, provider)).filter((file) => !file.startsWith("fixtures"));
    return (ALL ? files : files.sort().slice(-1)).map((file) => `${provider}/${file}`);
  });
}

/** Operations of each document, spread over the whole of it. */
const CHOSEN = 12;

const answers: Answers = {
  baseUrl: "https://api.example.com",
  endpoints: [],
  owner: "Engineering",
  with: ["queue"],
  importExtension: ".js",
};

async function moduleFrom(file: string, name: string, root: string): Promise<readonly OperationSpec[]> {
  const document = await loadDocument(file.replace(/\.gz$/, ""), {
    cwd: DIRECTORY,
    readFile: async () => gunzipSync(readFileSync(join(DIRECTORY, file))),
    readUrl: () => Promise.reject(new Error("nothing is fetched")),
  });
  const all = operationsOf(document);
  const step = Math.max(1, Math.floor(all.length / CHOSEN));
  const chosen = all.filter((_, index) => index % step === 0).slice(0, CHOSEN);
  const api = readApi(
    document,
    chosen.map(({ method, path }) => `${method} ${path}`),
  );
  const spec = resolveSpec(answers, { api }, { name, version: "v1", environments: [] });
  for (const { path, content } of versionFiles(spec)) {
    const target = join(root, "src/integrations", name, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
  expect(spec.operations).toHaveLength(chosen.length);
  // Nobody reviews a schema that leads to everything.
  expect(spec.schemas?.length, file).toBeLessThan(200_000);
  return api.operations;
}

describe.skipIf(!existsSync(DIRECTORY))("modules from documents that providers publish", () => {
  let root = "";
  const modules: { file: string; home: string; operations: readonly OperationSpec[] }[] = [];
  beforeAll(async () => {
    root = await freshProject(undefined, afterAll);
    const files = documents();
    for (const [index, file] of files.entries()) {
      const name = `api-${index}`;
      const operations = await moduleFrom(file, name, root);
      modules.push({ file, home: join(root, "src/integrations", name, "v1"), operations });
    }
    // A few documents have fewer operations.
    expect(modules.flatMap(({ operations }) => operations).length).toBeGreaterThan(files.length * 8);
  });

  test("type-check under strict", async () => {
    expect(await typeCheck(root)).toMatchObject({ code: 0, stdout: "" });
  });

  test("have schemas that accept their own samples", async () => {
    const refused: string[] = [];
    for (const { file, home, operations } of modules) {
      const exports: Record<string, unknown> = await import(/* @vite-ignore */ join(home, "schemas.ts"));
      for (const { consumer, sample } of operations) {
        const schema = exports[consumer];
        const accepts = schema instanceof z.ZodType && schema.safeParse(sample).success;
        if (!accepts) refused.push(`${file} ${consumer}`);
      }
    }
    expect(refused).toEqual([]);
  });

  test.runIf(ALL)("pass their own tests", async () => {
    const tests = await runTests(root);
    expect(tests, tests.stdout + tests.stderr).toMatchObject({ code: 0 });
  });
});
