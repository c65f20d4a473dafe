import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findReaders } from "../../../src/check/readers/find.ts";
import { chainIn, codebaseWith, readersIn, TYPESCRIPTS } from "./codebase.ts";

const SCHEMAS =
  'import * as z from "zod";\nexport const Thing = z.object({ id: z.string() });\nexport type Thing = z.infer<typeof Thing>;\n';
const USE =
  'import type { Thing } from "./api/v1/schemas.ts";\nexport const id = (thing: Thing) => thing.id;\n';
const FILES = { "src/api/v1/schemas.ts": SCHEMAS, "src/use.ts": USE };

const ask = (root: string) => findReaders([chainIn(root, "$.id")], { root, integrations: join(root, "src") });

test("an answer is kept until a source file changes, is added or goes", async () => {
  const root = await codebaseWith(TYPESCRIPTS.native, FILES);
  expect(await readersIn(root, ["$.id"])).toEqual({ "$.id": ["use.ts:2"] });
  const cache = join(root, ".integ/readers.json");
  const kept = await readFile(cache, "utf8");
  // What the cache says is believed as long as the sources are the same.
  await writeFile(cache, kept.replace('"line":2', '"line":99'));
  expect(await readersIn(root, ["$.id"])).toEqual({ "$.id": ["use.ts:99"] });
  await writeFile(join(root, "src/more.ts"), USE);
  expect(await readersIn(root, ["$.id"])).toEqual({ "$.id": ["more.ts:2", "use.ts:2"] });
  await rm(join(root, "src/use.ts"));
  expect(await readersIn(root, ["$.id"])).toEqual({ "$.id": ["more.ts:2"] });
  await writeFile(cache, "{ cut");
  expect(await readersIn(root, ["$.id"])).toEqual({ "$.id": ["more.ts:2"] });
});

test("readers are found in the projects that a tsconfig.json refers to, comments and all", async () => {
  const root = await codebaseWith(TYPESCRIPTS.native, {
    ...FILES,
    "tsconfig.json": '{\n  // a solution\n  "files": [],\n  "references": [{ "path": "./src" },],\n}\n',
    "src/tsconfig.json": JSON.stringify({
      compilerOptions: {
        module: "nodenext",
        strict: true,
        composite: true,
        allowImportingTsExtensions: true,
        emitDeclarationOnly: true,
        types: [],
      },
    }),
  });
  await rm(join(root, ".integ"), { recursive: true, force: true });
  const found = await findReaders([chainIn(root, "$.id")], { root, integrations: root });
  expect(found).toMatchObject({ readers: expect.any(Map) });
  expect("readers" in found && [...found.readers.values()].map(({ reads }) => reads.length)).toEqual([1]);
});

test("who reads it is unknown, with the reason, without TypeScript or tsconfig.json or where it is broken", async () => {
  const root = await codebaseWith(TYPESCRIPTS.native, FILES);
  await rm(join(root, "node_modules/typescript"));
  expect(await ask(root)).toEqual({ unknown: "the project has no typescript" });
  const bare = await codebaseWith(TYPESCRIPTS.native, FILES);
  await rm(join(bare, "tsconfig.json"));
  expect(await ask(bare)).toEqual({ unknown: "the project has no tsconfig.json" });
});

test("schemas that the tsconfig.json leaves out have no known readers, rather than none", async () => {
  const root = await codebaseWith(TYPESCRIPTS.native, {
    ...FILES,
    "tsconfig.json": '{ "files": ["other.ts"] }',
    "other.ts": "export {};\n",
  });
  expect(await ask(root)).toEqual({ readers: new Map() });
});

test("that nobody reads it is not said where code that no tsconfig.json has can see the schemas", async () => {
  const unread = { "src/api/v1/schemas.ts": SCHEMAS };
  const script = 'import { Thing } from "../src/api/v1/schemas.ts";\nThing.parse({}).id;\n';
  const component =
    '<script setup>\nimport { Thing } from "./api/v1/schemas.ts";\n</script>\n<template>{{ thing.id }}</template>\n';
  const cases: [Record<string, string>, boolean][] = [
    [unread, false],
    [{ ...unread, "scripts/job.mjs": script }, true],
    [{ ...unread, "src/Thing.vue": component }, true],
    [{ ...unread, "scripts/job.mjs": 'import * as z from "zod";\n', "test/thing.test.ts": script }, false],
  ];
  for (const [files, unseen] of cases) {
    const found = await ask(await codebaseWith(TYPESCRIPTS.native, files));
    if ("unknown" in found) throw new Error(found.unknown);
    const [readers] = [...found.readers.values()];
    expect(readers, Object.keys(files).join()).toEqual({
      reads: [],
      passes: [],
      ...(unseen ? { unseen: true } : {}),
    });
  }
});
