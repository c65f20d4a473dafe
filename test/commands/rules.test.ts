import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { SecretState } from "../../src/base/errors.ts";
import { plainStyle } from "../../src/base/style.ts";
import { CHECK_RULES } from "../../src/check/rules.ts";
import { run } from "../../src/commands/rules.ts";
import { SECRET_RULES } from "../../src/secrets/rules.ts";
import { quietContext } from "../check/project.ts";

const rules = (rule?: string) => run({ rule }, quietContext("/"));
async function listedIds(): Promise<string[]> {
  const { data } = await rules();
  return JSON.parse(JSON.stringify(data?.rules)).map(({ id }: { id: string }) => id);
}

const view = { style: plainStyle, columns: 200 };

test("what probe and doctor find is listed with the rest, and a failure's kind is a rule", async () => {
  const { text } = await rules();
  for (const id of ["probe/dns", "probe/slower", "probe/budget-quota", "provider/sunset", "doctor/clock"]) {
    expect(text?.(view)).toContain(id);
  }
  expect((await rules("doctor/network")).text?.(view)).toContain("inconclusive");
});

const OF_ROOMS = /"((?:check|config|consumer|contract|doctor|probe|provider|secret)\/[a-z0-9-]+)"/g;

/** Every id of a rule or an error that stands in the source as one text, whoever says it. */
function namedInSource(): string[] {
  const root = fileURLToPath(new URL("../../src/", import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  return files.flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(OF_ROOMS)].map(([, id]) => id ?? ""),
  );
}

/** The states of a store that cannot give a secret out, which are put together with their room. */
const STATES: Readonly<Record<SecretState, true>> = {
  missing: true,
  locked: true,
  unavailable: true,
  ambiguous: true,
  corrupt: true,
  "stale-revision": true,
  refused: true,
};

test("whatever is printed beside a finding or a problem is listed: by no room anything is named that is not", async () => {
  const listed = await listedIds();
  const named = namedInSource();
  const examples = [
    "probe/budget-p95",
    "config/unknown-key",
    "secret/rotation-blocked",
    "config/unknown-rule",
  ];
  expect(named).toEqual(expect.arrayContaining(examples));
  const put = Object.keys(STATES).map((state) => `secret/${state}`);
  expect([...named, ...put].filter((id) => !listed.includes(id))).toEqual([]);
});

test("what cannot be set is listed as such, and its explanation says so", async () => {
  const { text, data } = await rules("config/unknown-key");
  expect(data?.rules).toMatchObject([{ id: "config/unknown-key", fixed: true }]);
  expect(text?.(view)).toContain("its severity cannot be set");
  expect((await rules("probe/dns")).text?.(view)).not.toContain("cannot be set");
});

test("every rule that a check can name is listed once, and explained", async () => {
  const { text } = await rules();
  const listed = await listedIds();
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
