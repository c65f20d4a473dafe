import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ONE_THREAD } from "../support/fresh-project.ts";
import { repositoryFile } from "../support/markdown.ts";

const PROGRAM = `import * as integ from "integ";
import * as runtime from "integ/runtime";
import * as testing from "integ/testing";
export const everything = { integ, runtime, testing };
export const client: runtime.Client = runtime.createClient({ integration: "a", version: "v1", baseUrl: "https://a.example" });
export const why = (error: unknown) => error instanceof runtime.SecretUnreadableError && error.variable;
// @ts-expect-error a client has a version
runtime.createClient({ integration: "a", baseUrl: "https://a.example" });
`;

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "integ-types-"));
  mkdirSync(join(home, "node_modules"));
  for (const name of ["zod", "msw", "@types"]) {
    symlinkSync(repositoryFile(`node_modules/${name}`), join(home, "node_modules", name));
  }
  symlinkSync(repositoryFile("."), join(home, "node_modules", "integ"));
  writeFileSync(join(home, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(home, "main.ts"), PROGRAM);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test.each([
  { module: "nodenext", moduleResolution: "nodenext" },
  { module: "esnext", moduleResolution: "bundler" },
])("an application that checks our declarations too finds nothing: $moduleResolution", (resolution) => {
  const compilerOptions = {
    ...resolution,
    target: "es2023",
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  };
  const file = `tsconfig.${resolution.module}.json`;
  writeFileSync(join(home, file), JSON.stringify({ compilerOptions, files: ["main.ts"] }));
  const tsc = repositoryFile("node_modules/typescript/bin/tsc");
  const { stdout, status } = spawnSync(process.execPath, [tsc, "-p", file, ONE_THREAD], {
    cwd: home,
    encoding: "utf8",
  });
  expect([stdout, status]).toEqual(["", 0]);
});
