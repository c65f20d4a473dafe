import { describe, expect, test } from "vitest";
import type { AuditEntry } from "../../src/secrets/audit/chain.ts";
import { rotationReport, rotationsIn, SEEN_DEAD } from "../../src/secrets/audit/rotations.ts";

let seq = 0;
const entry = (detail: string, at: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  seq: ++seq,
  at: `2026-01-01T${at}:00.000Z`,
  actor: "jane@laptop",
  action: "rotate",
  environment: "prod",
  secrets: ["stripe/api_key"],
  detail,
  previous: "",
  hash: "",
  ...more,
});

describe("rotations in the audit log", () => {
  test("that were given up before the new value came into use are told as undone, not as not revoked yet", () => {
    const given = [entry("created", "09:00"), entry("undone", "09:01"), entry("created", "10:00")];
    const [first, second] = rotationsIn(given);
    expect(first).toMatchObject({ undoneAt: "2026-01-01T09:01:00.000Z" });
    expect(second).not.toHaveProperty("undoneAt");
    expect(rotationReport(rotationsIn(given.slice(0, 2)), "shop")).toContain("| undone 2026-01-01 09:01 |");
  });

  test("are put together from their steps, whoever took them, each rotation apart from the next", () => {
    const rotations = rotationsIn([
      entry("created", "09:00"),
      entry("tested", "09:01"),
      entry("promoted", "09:01"),
      entry("created", "09:30", { environment: "dev" }),
      entry(SEEN_DEAD, "10:00", { actor: "ci@runner" }),
      entry("created", "11:00"),
    ]);
    expect(rotations).toEqual([
      {
        secret: "stripe/api_key",
        environment: "prod",
        actors: ["jane@laptop", "ci@runner"],
        createdAt: "2026-01-01T09:00:00.000Z",
        testedAt: "2026-01-01T09:01:00.000Z",
        promotedAt: "2026-01-01T09:01:00.000Z",
        revokedAt: "2026-01-01T10:00:00.000Z",
        seenDead: true,
      },
      {
        secret: "stripe/api_key",
        environment: "dev",
        actors: ["jane@laptop"],
        createdAt: "2026-01-01T09:30:00.000Z",
      },
      {
        secret: "stripe/api_key",
        environment: "prod",
        actors: ["jane@laptop"],
        createdAt: "2026-01-01T11:00:00.000Z",
      },
    ]);
  });

  test("that were undone say that their new key is dead, in their own row, and the next rotation has another", () => {
    const undone = [entry("created", "09:00"), entry("promoted", "09:01"), entry("set-back", "09:05")];
    const report = rotationReport(
      rotationsIn([...undone, entry(SEEN_DEAD, "09:06"), ...undone, entry("replaced", "10:00")]),
      "shop",
    );
    expect(report.split("\n").slice(6)).toEqual([
      "| stripe/api\\_key | prod | 2026-01-01 09:00 | - | 2026-01-01 09:01 | undone 2026-01-01 09:05; new key revoked 2026-01-01 09:06, seen dead | jane@laptop |",
      "| stripe/api\\_key | prod | 2026-01-01 09:00 | - | 2026-01-01 09:01 | undone 2026-01-01 09:05 | jane@laptop |",
      "| stripe/api\\_key | prod | - | - | - | 2026-01-01 10:00 | jane@laptop |",
    ]);
  });

  test("are nothing else that was done with secrets", () => {
    const others = (["set", "get", "push"] as const).map((action) => entry("created", "09:00", { action }));
    expect(rotationsIn(others)).toEqual([]);
  });

  test("are told with what is open, and no text gets out of its cell", () => {
    const report = rotationReport(
      rotationsIn([entry("created", "09:00", { actor: "a|b\n<x>" }), entry("set-back", "09:05")]),
      "shop",
    );
    expect(report).toContain(
      "| stripe/api\\_key | prod | 2026-01-01 09:00 | - | - | undone 2026-01-01 09:05 | a\\|b \\<x\\>, jane@laptop |",
    );
    expect(rotationReport([], "shop")).toContain("No rotation is in the log.");
    expect(rotationReport(rotationsIn([entry("promoted", "09:00")]), "shop")).toContain("| not yet |");
  });
});
