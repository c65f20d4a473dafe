import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { recordContract } from "../../src/contract/record.ts";
import { writeContract } from "../../src/contract/store.ts";
import { projectWith, serveJson, shop } from "../check/project.ts";
import { answer, times } from "../contract/samples.ts";
import { hasProgram } from "../support/real.ts";
import { terminal } from "../support/terminal.ts";

/** What our code reads: whether a change breaks it is for its schema to say. */
const SCHEMAS =
  'import * as z from "zod";\n\nexport const Thing = z.object({\n  id: z.string(),\n  price: z.number(),\n});\n';

/** A project whose API lost one property, which our code reads, and gained another since its contract was recorded. */
async function drifted() {
  const url = await serveJson(() => ({ body: { id: "t", colour: "red" } }));
  const cwd = await projectWith(shop(url, { schemas: SCHEMAS }));
  const file = join(cwd, "src/integrations/acme/v1/contract/get-thing.json");
  const about = { request: "GET /thing", title: "acme get-thing" };
  await writeContract(
    file,
    recordContract(
      times(30, (n) => answer({ id: `t${n}`, price: n })),
      about,
    ),
  );
  return { cwd, contract: () => readFile(file, "utf8") };
}

const properties = (text: string) => Object.keys(JSON.parse(text).properties).sort();

describe.skipIf(!hasProgram("tmux", "-V"))("accept asks on a terminal", () => {
  test("what breaks nothing is ticked, the rest is for the user to choose", { timeout: 60_000 }, async () => {
    const { cwd, contract } = await drifted();
    const before = await contract();
    const first = await terminal(["accept"], { cwd });
    const screen = await first.waitFor("Accept into the contract");
    expect(screen).toMatch(/◯ error .*\$\.price is gone/);
    expect(screen).toMatch(/◉ info .*\$\.colour is new/);
    await first.press("C-c");
    expect(await first.exitCode()).toBe(130);
    expect(await contract()).toBe(before);

    const second = await terminal(["accept"], { cwd });
    await second.waitFor("Accept into the contract");
    await second.press("Enter");
    expect(await second.exitCode()).toBe(0);
    expect(properties(await contract())).toEqual(["colour", "id", "price"]);

    const third = await terminal(["accept"], { cwd });
    await third.waitFor("Accept into the contract");
    await third.press("Space", "Enter");
    expect(await third.exitCode()).toBe(0);
    expect(properties(await contract())).toEqual(["colour", "id"]);
    expect(await third.screen()).toContain("Accepted 1 change into 1 contract");
  });
});
