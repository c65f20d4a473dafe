import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { queueName } from "../../../src/check/redis/queue-name.ts";
import { loadProject } from "../../../src/config/load.ts";
import { projectWith, shop } from "../project.ts";

test("a worker of another state of the project, or of another integ, never gets the work", async () => {
  const cwd = await projectWith(shop("http://127.0.0.1:9"));
  const nameOf = async (version = "1.0.0") => queueName(await loadProject({ cwd }), version);
  const before = await nameOf();
  expect(await nameOf()).toBe(before);
  expect(before).toMatch(/^check-[0-9a-f]{16}$/);
  expect(await nameOf("1.0.1")).not.toBe(before);
  await writeFile(join(cwd, "README.md"), "Not looked at by any check.\n");
  expect(await nameOf()).toBe(before);
  await writeFile(join(cwd, "src/integrations/acme/v1/schemas.ts"), "export const Thing = 1;\n");
  expect(await nameOf()).not.toBe(before);
});
