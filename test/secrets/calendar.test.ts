import { describe, expect, test } from "vitest";
import { dueDates, toICalendar } from "../../src/secrets/calendar.ts";
import { allSecrets } from "../../src/secrets/reference.ts";
import { integInProcess } from "../support/in-process.ts";
import { cheapVaults } from "./cheap-vault.ts";
import { integration, policy, project } from "./project.ts";
import { shopProject } from "./shop.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22, 12);
const before = (days: number) => new Date(NOW - days * DAY).toISOString();

const every = { rotateEveryMs: 90 * DAY };
const shop = project("/shop", [integration("stripe", [policy("a", every), policy("b", every), policy("c")])]);
const ledger = {
  ledger: "integ-secrets/1" as const,
  environments: {
    dev: {
      "stripe/a": { createdAt: before(200), rotatedAt: before(10) },
      "stripe/c": { createdAt: before(5) },
    },
    prod: {
      "stripe/a": { createdAt: before(100) },
      "stripe/b": { createdAt: before(100), removedAt: before(1) },
    },
  },
};
const dates = dueDates(allSecrets(shop), shop.config.environments, ledger, NOW);

describe("due dates", () => {
  test("soonest first, by the value in use; removed secrets and those without a policy have none", () => {
    expect(
      dates.map(({ secret, environment, overdue, dueAt }) => [
        secret,
        environment,
        overdue,
        (dueAt - NOW) / DAY,
      ]),
    ).toEqual([
      ["stripe/a", "prod", true, -10],
      ["stripe/a", "dev", false, 80],
    ]);
  });

  test("as iCalendar: line ends, escapes and folding of RFC 5545, ids that stay the same", () => {
    const long = {
      ...dates[0],
      secret: `stripe/${"é".repeat(60)}`,
      environment: "prod",
      owner: "A, B; C",
      dueAt: NOW,
      overdue: false,
    };
    const text = toICalendar("shop", [...dates, long], NOW);
    expect(text.match(/^DTSTART;VALUE=DATE:(\d+)\r$/gm)).toEqual([
      "DTSTART;VALUE=DATE:20261112\r",
      "DTSTART;VALUE=DATE:20270210\r",
      "DTSTART;VALUE=DATE:20261122\r",
    ]);
    expect(text.split("\r\n").every((line) => Buffer.byteLength(line) <= 75 && !/[\r\n]/.test(line))).toBe(
      true,
    );
    expect(text.replaceAll("\r\n ", "")).toContain("Owner: A\\, B\\; C");
    const ids = (t: string) => t.replaceAll("\r\n ", "").match(/^UID:.*$/gm);
    expect(ids(toICalendar("shop", dates, NOW + DAY))).toEqual(ids(text)?.slice(0, 2));
    expect(new Set(ids(text)).size).toBe(3);
  });
});

test("the command lists what was stored, without opening a store", async () => {
  const cwd = await shopProject({ store: "vault" });
  const env = await cheapVaults(cwd);
  await integInProcess(["secrets", "set", "stripe/api_key"], { cwd, env, stdin: "value" });
  const list = await integInProcess(["secrets", "calendar", "--json"], { cwd, env: { HOME: cwd } });
  expect(JSON.parse(list.stdout).dates).toMatchObject([
    { secret: "stripe/api_key", environment: "dev", overdue: false },
  ]);
  const { code, stdout } = await integInProcess(["secrets", "calendar", "--ics"], {
    cwd,
    env: { HOME: cwd },
  });
  expect([code, stdout.startsWith("BEGIN:VCALENDAR\r\n"), stdout.endsWith("END:VCALENDAR\r\n")]).toEqual([
    0,
    true,
    true,
  ]);
});
