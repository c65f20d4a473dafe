import { expect, test } from "vitest";
import { integInProcess } from "../support/in-process.ts";
import { rotatingProject } from "./rotation/project.ts";

test("a thousand secrets are listed, each once and in order, from one vault", async () => {
  const names = Array.from({ length: 1000 }, (_, n) => `key_${String(n).padStart(4, "0")}`);
  const manifest = `auth: { scheme: none }
secrets:
${names.map((name) => `  ${name}: { rotateEvery: 90d }`).join("\n")}
endpoints: {}
`;
  const values = Object.fromEntries(names.map((name) => [`acme/${name}`, `value-of-${name}`]));
  const { cwd, env } = await rotatingProject("http://127.0.0.1:9", manifest, values);
  const { code, stdout } = await integInProcess(["secrets", "list", "--json"], { cwd, env });
  expect(code).toBe(0);
  const rows: { secret: string; status: string; labels: string[] }[] = JSON.parse(stdout).secrets;
  expect(rows.map(({ secret }) => secret)).toEqual(names.map((name) => `acme/${name}`));
  expect(new Set(rows.map(({ status, labels }) => `${status} ${labels}`))).toEqual(
    new Set(["fresh current"]),
  );
  expect(stdout).not.toContain("value-of-");
  const table = await integInProcess(["secrets", "list"], { cwd, env });
  expect(table.stdout.split("\n").filter((line) => line.startsWith("acme/"))).toHaveLength(1000);
});
