import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, expectTypeOf, onTestFinished, test, vi } from "vitest";
import { projectWith, serveJson, shop } from "./check/project.ts";
import { run, temporaryDirectory } from "./support/cli.ts";
import { ONE_THREAD } from "./support/fresh-project.ts";
import { integInProcess as integ } from "./support/in-process.ts";

// The built package, by its own name through `exports`; typed by the source, so that type checking needs no build.
const self = "integ";
const {
  ConfigError,
  check,
  diff,
  exitCodeOf,
  infer,
  probe,
  record,
  UsageError,
}: typeof import("../src/index.ts") = await import(self);

describe("integ as a library", () => {
  test("check gives the report that --json prints", async () => {
    const cwd = await projectWith(shop(await serveJson(() => ({ body: { id: "1" } }))));
    const { stdout, code } = await integ(["check", "--json"], { cwd });
    const printed = JSON.parse(stdout);
    const report = await check({ cwd, variables: {} });
    const { startedAt: _a, durationMs: _b, endpoints, ...same } = report;
    expect(printed).toMatchObject(same);
    expect(Object.keys(printed)).toEqual(Object.keys(report));
    expect(endpoints[0]).toMatchObject({ endpoint: "get-thing", state: "checked" });
    expect(exitCodeOf(report.findings, "error")).toBe(code);
  });

  test("probe measures a URL without any project", async () => {
    const url = await serveJson(() => ({
      body: {},
      headers: { "ratelimit-limit": "10", "ratelimit-remaining": "9" },
    }));
    const cwd = await temporaryDirectory();
    const report = await probe({ targets: [url], cwd, variables: {}, samples: 2, cold: 1, pause: 0 });
    expect(report.endpoints[0]).toMatchObject({ status: 200, samples: 3, errors: 0 });
  });

  test("infer makes a JSON Schema of any iterable of samples", async () => {
    async function* samples() {
      for (let i = 0; i < 40; i++) yield { id: `a${i}`, tag: i % 2 ? "x" : null };
    }
    const schema = await infer(samples());
    expect(schema).toMatchObject({
      type: "object",
      properties: { id: { type: "string" } },
      required: ["id", "tag"],
    });
    const validate = new Ajv2020({ strict: false }).compile(schema);
    expect([validate({ id: "b", tag: null }), validate({ id: 1, tag: null })]).toEqual([true, false]);
  });

  test("record writes what diff and check then judge by", async () => {
    let body: unknown = { id: "1", email: "e@x.y" };
    const cwd = await projectWith(shop(await serveJson(() => ({ body }))));
    const recorded = await record({ cwd, variables: {}, samples: 30 });
    expect(recorded.contracts).toMatchObject([{ endpoint: "get-thing", state: "recorded", samples: 30 }]);
    expect((await diff({ cwd, variables: {} })).findings).toEqual([]);
    body = { id: "1" };
    expect((await diff({ cwd, variables: {}, samples: 10 })).findings).toMatchObject([
      { rule: "contract/property-removed", path: "$.email" },
    ]);
    expect((await check({ cwd, variables: {} })).findings).toMatchObject([
      { rule: "contract/property-removed", severity: "error", path: "$.email", location: { line: 5 } },
    ]);
  });

  test("options are typed, and so is the report", async () => {
    expectTypeOf(check)
      .parameter(0)
      .toExtend<{ only?: readonly ("config" | "secrets" | "probe" | "contract")[] } | undefined>();
    expectTypeOf<Awaited<ReturnType<typeof check>>["findings"][number]["severity"]>().toEqualTypeOf<
      "error" | "warning" | "info" | "inconclusive"
    >();
    // @ts-expect-error: there is no such part
    const wrong = check({ only: ["nothing"], cwd: "/nowhere" });
    await expect(wrong).rejects.toBeInstanceOf(UsageError);
  });

  test("rejects with the error of the command", async () => {
    const cwd = await temporaryDirectory();
    await expect(check({ cwd, variables: {} })).rejects.toMatchObject({
      code: "config/not-found",
      exitCode: 2,
    });
    await expect(check({ cwd, variables: {} })).rejects.toBeInstanceOf(ConfigError);
  });

  test("prints nothing, and leaves the process as it is", async () => {
    const cwd = await projectWith(shop(await serveJson(() => ({ body: { id: "1" } }))));
    const out = vi.spyOn(process.stdout, "write");
    const err = vi.spyOn(process.stderr, "write");
    onTestFinished(() => {
      out.mockRestore();
      err.mockRestore();
    });
    const before = {
      env: { ...process.env },
      cwd: process.cwd(),
      listeners: process.listenerCount("SIGINT"),
      code: process.exitCode,
    };
    await check({ cwd });
    expect(out).not.toHaveBeenCalled();
    expect(err).not.toHaveBeenCalled();
    expect({
      env: { ...process.env },
      cwd: process.cwd(),
      listeners: process.listenerCount("SIGINT"),
      code: process.exitCode,
    }).toEqual(before);
  });

  test("a signal ends the work", async () => {
    const cwd = await projectWith(shop(await serveJson(() => ({ body: {} }))));
    const reason = new Error("enough");
    await expect(check({ cwd, variables: {}, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("the published types", () => {
  const compile = async (code: string) => {
    const cwd = await temporaryDirectory();
    await mkdir(join(cwd, "node_modules"));
    const root = fileURLToPath(new URL("..", import.meta.url));
    await symlink(root, join(cwd, "node_modules/integ"));
    await writeFile(join(cwd, "use.mts"), code);
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--types", ""];
    return run(process.execPath, [tsc, ONE_THREAD, ...flags, "use.mts"], { cwd });
  };

  test("compile in a strict project that knows neither Node's types nor ours", async () => {
    const { stdout, code } = await compile(`
      import { check, exitCodeOf, type Finding, type Quota } from "integ";
      const report = await check({ targets: ["stripe"], env: "prod", samples: 3, only: ["contract"] });
      const worst: Finding | undefined = report.findings[0];
      const quotas: readonly Quota[] | undefined = report.endpoints[0]?.quotas;
      const code: 0 | 1 | 2 | 3 | 4 | 5 | 130 = exitCodeOf(report.findings, "warning");
      export { code, quotas, worst };`);
    expect({ stdout, code }).toEqual({ stdout: "", code: 0 });
  });

  test("refuse what is no option", async () => {
    const { stdout, code } = await compile(`import { check } from "integ"; await check({ sample: 3 });`);
    expect(code).not.toBe(0);
    expect(stdout).toContain("'sample' does not exist");
  });
});
