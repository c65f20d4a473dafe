import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Context } from "../../src/base/context.ts";
import { entered } from "../../src/commands/secrets/entered.ts";
import { systemClock } from "../../src/host/clock.ts";
import { project } from "../secrets/project.ts";
import { temporaryDirectory } from "../support/cli.ts";

test("where the ledger cannot be written the deed stands, and it is said: an error would say that nothing was stored", async () => {
  const home = await temporaryDirectory();
  const file = join(home, "file");
  await writeFile(file, "");
  const notes: string[] = [];
  const ctx = { env: { HOME: file }, clock: systemClock, io: { note: (text: string) => notes.push(text) } };
  const change = { "stripe/api_key": () => ({ createdAt: new Date().toISOString() }) };
  // Nobody may write below a file, the superuser neither: its lock cannot be had.
  await entered(project(home, []), "dev", change, ctx as unknown as Context);
  expect(notes).toEqual(["warning: integ.secrets.json could not be written (ENOTDIR)"]);
});
