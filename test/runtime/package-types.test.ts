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

const REQUIRED = `import integ = require("integ");
import { createClient, IntegrationError, Limiter, RateLimitError, type Client } from "integ/runtime";
import { contractApi, type ContractApi } from "integ/testing";
export const limiter: Limiter = new Limiter({ reserve: 0.1 });
export const client: Client = createClient({ integration: "a", version: "v1", baseUrl: "https://a.example", limiter });
export const api: Promise<ContractApi> = contractApi({ contracts: "contract", baseUrl: "https://a.example" });
export const at = (error: unknown): number | undefined => error instanceof RateLimitError ? error.retryAt : undefined;
export class OurError extends IntegrationError {}
export const wrong = (error: unknown) => error instanceof integ.ConfigError && error.message;
export const use = (given: Client) => typeof given.request;
// @ts-expect-error a client has a version
createClient({ integration: "a", baseUrl: "https://a.example" });
`;

const BOTH = `import { createClient } from "integ/runtime";
import { use } from "./required.cjs";
export const used = use(createClient({ integration: "a", version: "v1", baseUrl: "https://a.example" }));
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
  writeFileSync(join(home, "required.cts"), REQUIRED);
  writeFileSync(join(home, "both.ts"), BOTH);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What TypeScript says of the files; the one before 7 knows the resolution of Node 10. */
function check(options: Record<string, unknown>, files: string[], typescript = "typescript") {
  const compilerOptions = {
    target: "es2023",
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    ...options,
  };
  const file = `tsconfig.${options.module}.${options.moduleResolution}.json`;
  writeFileSync(join(home, file), JSON.stringify({ compilerOptions, files }));
  const tsc = repositoryFile(`node_modules/${typescript}/bin/tsc`);
  const more = typescript === "typescript" ? [ONE_THREAD] : [];
  const { stdout, status } = spawnSync(process.execPath, [tsc, "-p", file, ...more], {
    cwd: home,
    encoding: "utf8",
  });
  return [stdout, status];
}

test("an application that checks our declarations too finds nothing where a bundler resolves them", () => {
  expect(check({ module: "esnext", moduleResolution: "bundler" }, ["main.ts"])).toEqual(["", 0]);
});

test("TypeScript for the first Node with ES modules lets CommonJS require us, and it is the same types", () => {
  const files = ["required.cts", "both.ts"];
  expect(check({ module: "node16", moduleResolution: "node16" }, files)).toEqual(["", 0]);
});

test("TypeScript that knows no `exports` finds the types too", () => {
  const before = { module: "commonjs", moduleResolution: "node10", skipLibCheck: true };
  expect(check(before, ["required.cts"], "typescript-classic")).toEqual(["", 0]);
});

test("CommonJS is given by `require` what its types promise", () => {
  const code = `for (const name of ["integ", "integ/runtime", "integ/testing"]) {
    const required = Object.keys(require(name)).sort().join();
    import(name).then((all) => console.log(name, required !== "" && required === Object.keys(all).sort().join()));
  }`;
  const { stdout } = spawnSync(process.execPath, ["-e", code], { cwd: home, encoding: "utf8" });
  expect(stdout.trim().split("\n").sort()).toEqual([
    "integ true",
    "integ/runtime true",
    "integ/testing true",
  ]);
});
