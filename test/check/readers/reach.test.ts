import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filesReaching, openBonds } from "../../../src/check/readers/reach.ts";
import { codebaseWith, TYPESCRIPTS } from "./codebase.ts";

test("a file is among those that can see the schemas by any kind of import, however far, and else is not", async () => {
  const sources = {
    "src/api/v1/schemas.ts": 'import * as z from "zod";\nexport const Thing = z.object({});\n',
    "src/api/v1/index.ts": 'export * from "./schemas.js";\n',
    "src/direct.ts": 'import { Thing } from "./api/v1/schemas.ts";\n',
    "src/by-index.ts": 'import { Thing } from "./api/v1";\n',
    "src/far.ts": 'import "./by-index.ts";\n',
    "src/lazy.ts": 'export const load = () => import("./direct.ts");\n',
    "src/type.ts": 'export type T = import("./api/v1/schemas.ts").Thing;\n',
    "src/required.cts": 'const far = require("./far.ts");\n',
    "src/alias.ts": 'import { Thing } from "@/api/v1/schemas";\n',
    "src/workspace.ts": 'import { Thing } from "@shop/models";\n',
    "src/circle.ts": 'import "./round.ts";\nimport "./direct.ts";\n',
    "src/round.ts": 'import "./circle.ts";\n',
    "src/none.ts":
      'import { readFile } from "node:fs/promises";\nimport path from "path";\nimport * as z from "zod";\n',
    "src/beside.ts": 'import "./none.ts";\nimport "./gone.ts";\nimport "./data.json";\n',
  };
  const root = await codebaseWith(TYPESCRIPTS.native, sources);
  await mkdir(join(root, "packages/models"), { recursive: true });
  await mkdir(join(root, "node_modules/@shop"));
  await symlink(join(root, "packages/models"), join(root, "node_modules/@shop/models"));
  const files = Object.keys(sources).map((file) => join(root, file));
  const reaching = filesReaching(files, (file) => file.endsWith("schemas.ts"), openBonds());
  const apart = files.filter((file) => !reaching.includes(file)).map((file) => file.slice(root.length + 1));
  expect(apart).toEqual(["src/none.ts", "src/beside.ts"]);
});
