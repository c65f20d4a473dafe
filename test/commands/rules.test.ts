import { expect, test } from "vitest";
import { plainStyle } from "../../src/base/style.ts";
import { CHECK_RULES } from "../../src/check/rules.ts";
import { run } from "../../src/commands/rules.ts";
import { SECRET_RULES } from "../../src/secrets/rules.ts";
import { quietContext } from "../check/project.ts";

const rules = (rule?: string) => run({ rule }, quietContext("/"));
const view = { style: plainStyle, columns: 200 };

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
