import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { type ConsumerHost, openConsumerHost } from "../../../src/check/consumer/host.ts";
import { temporaryDirectory } from "../../support/cli.ts";

const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));

async function schemas(code: string, { own = true } = {}): Promise<string> {
  const directory = await temporaryDirectory();
  if (own) await symlink(modules, join(directory, "node_modules"));
  const file = join(directory, "schemas.ts");
  await writeFile(file, code);
  return file;
}

function host(timeoutMs = 10_000): ConsumerHost {
  const opened = openConsumerHost({ timeoutMs });
  onTestFinished(() => opened.close());
  return opened;
}

const ZOD = 'import * as z from "zod";\n';

describe("the process of a consumer module", () => {
  test("turns TypeScript schemas into JSON Schema of their input, and says what that cannot hold", async () => {
    const file = await schemas(`${ZOD}
      enum Status { On = "on", Off = "off" }
      const Base = z.object({ id: z.string() });
      export const Thing = Base.extend({
        status: z.enum(Status),
        amount: z.coerce.number(),
        at: z.date().optional(),
        code: z.string().refine((v) => v.length > 1),
        name: z.string().default("x"),
      });
      export const limit = 3;`);
    const found = await host().describe(file, ["Thing", "limit", "Thnig"]);
    if ("failed" in found) throw new Error(found.failed);
    expect(found.get("Thing")).toEqual({
      kind: "schema",
      jsonSchema: {
        $schema: "https://json-schema.org/draft/2020-12/schema",
        type: "object",
        properties: {
          id: { type: "string" },
          status: { type: "string", enum: ["on", "off"] },
          amount: {},
          at: {},
          code: { type: "string" },
          name: { type: "string", default: "x" },
        },
        required: ["id", "status", "amount", "code"],
      },
      unjudged: [
        { path: "$.amount", reason: "coercion to number" },
        { path: "$.at", reason: "a Date, which JSON never holds" },
        { path: "$.code", reason: "a custom refinement" },
      ],
    });
    expect(found.get("limit")).toEqual({ kind: "not-a-schema", type: "number" });
    expect(found.get("Thnig")).toEqual({ kind: "missing", known: ["Thing"] });
  });

  test("parses samples with the schema itself: refinements, asynchronous ones too, unions, unknown keys", async () => {
    const file = await schemas(`${ZOD}
      export const Thing = z.strictObject({
        id: z.string().refine(async (v) => v.startsWith("t_"), "no prefix"),
        owner: z.union([z.string(), z.object({ id: z.string(), tags: z.array(z.string()) })]),
      });`);
    const outcomes = await host().parse(file, "Thing", [
      { id: "t_1", owner: "o" },
      { id: "x", owner: { id: "o", tags: ["a", null] }, extra: 1 },
      {},
    ]);
    expect(outcomes).toEqual([
      { kind: "accepted" },
      {
        kind: "rejected",
        issues: [
          expect.objectContaining({ code: "invalid_type", path: ["owner", "tags", 1], received: "null" }),
          expect.objectContaining({ code: "unrecognized_keys", path: ["extra"], received: "integer" }),
          expect.objectContaining({ code: "custom", path: ["id"], message: "no prefix", received: "string" }),
        ],
      },
      {
        kind: "rejected",
        issues: [
          expect.objectContaining({ path: ["id"], received: "absent" }),
          expect.objectContaining({ path: ["owner"], received: "absent" }),
        ],
      },
    ]);
  });

  test("of a union that refuses, the branch whose tag fits tells why, wherever it stands", async () => {
    const file = await schemas(`${ZOD}
      const Bot = z.object({ type: z.literal("Bot") });
      const User = z.object({ type: z.literal("User"), login: z.object({ name: z.string() }) });
      const Deep = z.object({ type: z.literal("Deep"), login: z.object({ id: z.object({ no: z.int() }) }) });
      export const Thing = z.union([Bot, User, Deep]);`);
    expect(await host().parse(file, "Thing", [{ type: "User", login: { name: 1 } }])).toEqual([
      {
        kind: "rejected",
        issues: [expect.objectContaining({ path: ["login", "name"], received: "integer" })],
      },
    ]);
  });

  test("says what a schema threw instead of judging the sample by it", async () => {
    const file = await schemas(
      `${ZOD}export const T = z.string().transform((): string => { throw new Error("boom"); });`,
    );
    expect(await host().parse(file, "T", ["a"])).toEqual([{ kind: "threw", message: "boom" }]);
  });

  test("gives the module no environment variable and no right to write or to start programs", async () => {
    const file = await schemas(`${ZOD}
      import { writeFileSync } from "node:fs";
      import { execFileSync } from "node:child_process";
      const tries = { write: () => writeFileSync("/tmp/integ-never", ""), run: () => execFileSync("true") };
      const denied = Object.entries(tries).filter(([, act]) => { try { act(); return false; } catch { return true; } });
      const names = Object.keys(process.env).filter((n) => n !== "NODE_CHANNEL_FD" && n !== "SystemRoot");
      export const Seen = z.enum([...denied.map(([n]) => n), ...names] as [string, ...string[]]);`);
    const found = await host().describe(file, ["Seen"]);
    if ("failed" in found) throw new Error(found.failed);
    const seen = found.get("Seen");
    expect(seen?.kind === "schema" && seen.jsonSchema?.enum).toEqual(["write", "run"]);
  });

  test("survives a module that throws, loops for ever or ends the process, and still serves the next", async () => {
    const good = await schemas(`${ZOD}export const A = z.string();`);
    const one = host(3000);
    const throws = await schemas(`${ZOD}export type A = {\n  a: string;\n};\nthrow new Error("no config");`);
    expect(await one.describe(throws, ["A"])).toEqual({ failed: "no config", line: 5 });
    const loops = await schemas("for (;;) {}");
    expect(await one.describe(loops, ["A"])).toEqual({ failed: "it gave no answer within 3 s" });
    expect(await one.parse(good, "A", ["x"])).toEqual([{ kind: "accepted" }]);
    const exits = await schemas("process.exit(0);");
    expect(await one.describe(exits, ["A"])).toEqual({ failed: "its process ended without an answer" });
    expect(await one.parse(good, "A", [1])).toMatchObject([{ kind: "rejected" }]);
  });

  test("what a module leaves running and then fails ends no judgement, of it or of another", async () => {
    const good = await schemas(`${ZOD}export const A = z.string().refine(async () => {
      await new Promise((done) => setTimeout(done, 300));
      return true;
    });`);
    const rejects = await schemas(`${ZOD}export const A = z.string();
      void Promise.reject(new Error("no database"));
      setTimeout(() => { throw new Error("late"); }, 100);`);
    const one = host();
    expect(await one.describe(rejects, ["A"])).toBeInstanceOf(Map);
    expect(await one.parse(good, "A", ["x"])).toEqual([{ kind: "accepted" }]);
    expect(await one.parse(rejects, "A", ["x"])).toEqual([{ kind: "accepted" }]);
  });

  test("a module that ends the process later ends no judgement of another", async () => {
    const good = await schemas(`${ZOD}export const A = z.string().refine(async () => {
      await new Promise((done) => setTimeout(done, 500));
      return true;
    });`);
    const exits = await schemas(`${ZOD}export const A = z.string();
      setTimeout(() => process.exit(1), 200);`);
    const one = host();
    expect(await one.describe(exits, ["A"])).toBeInstanceOf(Map);
    expect(await one.parse(good, "A", ["x"])).toEqual([{ kind: "accepted" }]);
  });

  test("what is thrown may be anything", async () => {
    const nameless = "{ toString() { throw 1; } }";
    const file = await schemas(`throw ${nameless};`);
    const failed = "something was thrown that is no error";
    expect(await host().describe(file, ["A"])).toEqual({ failed });
    const parsed = await schemas(
      `${ZOD}export const A = z.string().transform((): string => { throw ${nameless}; });`,
    );
    expect(await host().parse(parsed, "A", ["x"])).toEqual([{ kind: "threw", message: failed }]);
  });

  test("follows the paths of tsconfig.json, and does without one that cannot be read", async () => {
    const file = await schemas(`import { Money } from "@/money.ts"; export const A = Money;`);
    const plain = await schemas(`${ZOD}export const A = z.int();`);
    await writeFile(join(file, "../money.ts"), `${ZOD}export const Money = z.int();`);
    await writeFile(join(file, "../tsconfig.json"), '{"compilerOptions":{"paths":{"@/*":["./*"]}}}');
    await writeFile(join(plain, "../tsconfig.json"), '{"extends":"not-installed/tsconfig.json"}');
    const one = host();
    expect(await one.parse(file, "A", [1])).toEqual([{ kind: "accepted" }]);
    expect(await one.parse(plain, "A", [1])).toEqual([{ kind: "accepted" }]);
  });

  test("names what only the last items of a long list break", async () => {
    const file = await schemas(`${ZOD}export const List = z.array(z.object({ a: z.string(), b: z.int() }));`);
    const items = Array.from({ length: 300 }, (_, at) => (at < 299 ? { b: 1 } : { b: "1" }));
    expect(await host().parse(file, "List", [items])).toMatchObject([
      {
        kind: "rejected",
        issues: [
          { path: [299, "a"], received: "absent" },
          { path: [299, "b"], received: "string" },
        ],
      },
    ]);
  });

  test("follows imports of the module", async () => {
    const file = await schemas(
      `${ZOD}import { Money } from "./parts/money.ts"; export const A = z.object({ m: Money });`,
    );
    await mkdir(join(file, "../parts"));
    await writeFile(join(file, "../parts/money.ts"), `${ZOD}export const Money = z.int();`);
    expect(await host().parse(file, "A", [{ m: 1 }, { m: 1.5 }])).toMatchObject([
      { kind: "accepted" },
      { kind: "rejected", issues: [{ path: ["m"], received: "number" }] },
    ]);
  });

  test("lends its own zod to a project that has none", async () => {
    const file = await schemas(`${ZOD}export const A = z.string();`, { own: false });
    expect(await host().parse(file, "A", ["x"])).toEqual([{ kind: "accepted" }]);
  });
});
