import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { UsageError } from "../../src/base/errors.ts";
import { loadProject } from "../../src/config/load.ts";
import type { Project } from "../../src/config/project.ts";
import { resolveEnvironment, resolveTargets } from "../../src/config/targets.ts";

let project: Project;

beforeAll(async () => {
  const root = await mkdtemp(join(tmpdir(), "integ-targets-"));
  const files = {
    "integ.config.yaml": "environments: { dev: , prod: }\n",
    "src/integrations/stripe/integration.yaml":
      "name: stripe\nbaseUrl: https://api.stripe.com/\nactive: v2\nversions: { v1: , v2: }\nendpoints:\n  list: { request: GET /v1/list?limit=3 }\n  balance: { request: GET /v1/balance }\n",
    "src/integrations/acme/integration.yaml":
      "name: acme\nbaseUrl: { prod: https://acme.test/base }\nendpoints:\n  thing: { request: GET /things/1 }\n  status: { request: GET https://status.acme.test/ }\n",
    "src/integrations/empty/integration.yaml": "name: empty\nbaseUrl: https://empty.test\n",
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  project = await loadProject({ cwd: root });
  return () => rm(root, { recursive: true });
});

const labels = (targets: string[], env?: string) =>
  resolveTargets(project, targets, { env }).map(({ label, url }) => `${label} ${url}`);

describe("targets", () => {
  const balance = (version: string) => `stripe@${version}/balance https://api.stripe.com/v1/balance`;
  const list = (version: string) => `stripe@${version}/list https://api.stripe.com/v1/list?limit=3`;

  test.each([
    [["stripe"], [balance("v2"), list("v2")]],
    [["stripe@v1"], [balance("v1"), list("v1")]],
    [["stripe/list"], [list("v2")]],
    [["stripe@v1/list"], [list("v1")]],
    [
      ["stripe/list", "stripe", "stripe@v1/list"],
      [list("v1"), balance("v2"), list("v2")],
    ],
    [["empty"], []],
  ])("%j", (targets, expected) => {
    expect(labels(targets)).toEqual(expected);
  });

  test("none means all that the environment has, sorted; a base URL keeps its path", () => {
    expect(labels([])).toEqual(["acme@v1/status https://status.acme.test/", balance("v2"), list("v2")]);
    expect(labels([], "prod")).toEqual([
      "acme@v1/status https://status.acme.test/",
      "acme@v1/thing https://acme.test/base/things/1",
      balance("v2"),
      list("v2"),
    ]);
  });

  test.each([
    [["strip"], undefined, "There is no integration `strip`", "did you mean `stripe`?"],
    [["thing"], undefined, "There is no integration `thing`", "did you mean `acme/thing`?"],
    [["stripe/lst"], undefined, "There is no endpoint `lst` in `stripe`", "did you mean `list`?"],
    [["stripe@v3"], undefined, "There is no version `v3` in `stripe`", "did you mean `v1`?"],
    [["stripe"], "prd", "There is no environment `prd`", "did you mean `prod`?"],
    [["zzzzzz"], undefined, "There is no integration `zzzzzz`", "known integrations: acme, empty, stripe"],
    [
      ["stripe//x"],
      undefined,
      "`stripe//x` is not a target",
      expect.stringContaining("stripe@v2/get-balance"),
    ],
    [[""], undefined, "`` is not a target", expect.any(String)],
    [["constructor"], undefined, "There is no integration `constructor`", expect.any(String)],
    [["acme/thing"], "dev", "`acme` has no base URL in dev", "it has one in prod; choose with --env"],
  ])("%j in %s is refused", (targets, env, message, hint) => {
    const attempt = () => resolveTargets(project, targets, { env });
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(expect.objectContaining({ message, hint, exitCode: 2 }));
  });

  test("the environment is the default one unless named", () => {
    expect(resolveEnvironment(project).name).toBe("dev");
    expect(resolveEnvironment(project, "prod").name).toBe("prod");
  });
});
