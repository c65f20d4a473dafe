import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { plainStyle } from "../../src/base/style.ts";
import { CHECK_RULES } from "../../src/check/rules.ts";
import { run } from "../../src/commands/rules.ts";
import { SECRET_RULES } from "../../src/secrets/rules.ts";
import { quietContext } from "../check/project.ts";

const rules = (rule?: string) => run({ rule }, quietContext("/"));
const view = { style: plainStyle, columns: 200 };

test("what probe and doctor find is listed with the rest, and a failure's kind is a rule", async () => {
  const { text } = await rules();
  for (const id of ["probe/dns", "probe/slower", "probe/budget-quota", "provider/sunset", "doctor/clock"]) {
    expect(text?.(view)).toContain(id);
  }
  expect((await rules("doctor/network")).text?.(view)).toContain("inconclusive");
});

/** Rules as the rooms that find things spell them. */
function namedInSource(): string[] {
  const root = fileURLToPath(new URL("../../src/", import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  return files.flatMap((file) =>
    [
      ...readFileSync(join(root, file), "utf8").matchAll(
        /rule: "((?:probe|provider|secret|check)\/[a-z0-9-]+)"/g,
      ),
    ].map(([, id]) => id ?? ""),
  );
}

test("no room names a rule that the list does not have", async () => {
  const { data } = await rules();
  const listed = JSON.parse(JSON.stringify(data?.rules)).map(({ id }: { id: string }) => id);
  const named = namedInSource();
  expect(named).toContain("probe/budget-p95");
  expect(listed).toEqual(expect.arrayContaining(named));
});

test("every rule that a check can name is listed once, and explained", async () => {
  const { data, text } = await rules();
  const listed = JSON.parse(JSON.stringify(data?.rules)).map(({ id }: { id: string }) => id);
  expect(new Set(listed).size).toBe(listed.length);
  for (const { id } of [...Object.values(CHECK_RULES), ...Object.values(SECRET_RULES)]) {
    expect(listed).toContain(id);
    expect(text?.(view)).toContain(id);
    expect((await rules(id)).text?.(view)).toContain(id);
  }
});

test("a slip is answered with the rule that was meant, of any room", async () => {
  await expect(rules("consumer/rejectd")).rejects.toMatchObject({
    hint: "did you mean `consumer/rejected`?",
  });
  await expect(rules("property-remvoed")).rejects.toMatchObject({
    hint: "did you mean `contract/property-removed`?",
  });
});
