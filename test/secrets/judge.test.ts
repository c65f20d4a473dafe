import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SecretPolicy } from "../../src/config/project.ts";
import { systemClock } from "../../src/host/clock.ts";
import { judgeSecrets } from "../../src/secrets/judge.ts";
import { setCurrent } from "../../src/secrets/labels.ts";
import { readLedger, serializeLedger, updateLedger } from "../../src/secrets/ledger.ts";
import { judgeValue, scheduleOf } from "../../src/secrets/policy.ts";
import { requireSecrets, resolveSecrets, SecretSession } from "../../src/secrets/resolve.ts";
import { temporaryDirectory } from "../support/cli.ts";
import { cheapVaults } from "./cheap-vault.ts";
import { integration, policy, project } from "./project.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22);
const dev = { name: "dev", protected: false, store: "vault" } as const;

async function session(secrets: readonly SecretPolicy[], env: Record<string, string> = {}) {
  const home = await temporaryDirectory();
  const variables = { ...(await cheapVaults(home)), ...env };
  const stripe = integration("stripe", secrets);
  const deps = { env: variables, clock: systemClock, io: { prompt: undefined } };
  return { stripe, session: new SecretSession(project(home, [stripe]), deps), deps };
}

async function store(into: SecretSession, name: string, value: string, now = NOW): Promise<void> {
  await into.update(dev, (e) => setCurrent(e, name, { id: "x", value, now, source: "set", graceMs: DAY }));
}

describe("resolving", () => {
  test("a variable wins over the store, an empty one does not count, and every source is told", async () => {
    const { stripe, session: s } = await session([policy("a"), policy("b"), policy("c")], {
      A: "from variable",
      B: "",
    });
    await store(s, "stripe/a", "from store");
    await store(s, "stripe/b", "from store");
    const { values, missing, sources } = await resolveSecrets(stripe, dev, s);
    expect(Object.fromEntries(values)).toEqual({ a: "from variable", b: "from store" });
    expect(Object.fromEntries(sources)).toEqual({
      a: { from: "variable", variable: "A" },
      b: { from: "store", store: "vault" },
    });
    expect(missing).toEqual(["c"]);
  });

  test("a request needs the secrets that it is authorized with, and waits for no other, such as a webhook's", async () => {
    const { stripe, session: s } = await session([policy("a"), policy("hook")]);
    const authorized = { ...stripe, auth: { scheme: "bearer", secret: "a" } } as const;
    await expect(requireSecrets(authorized, dev, s)).rejects.toMatchObject({
      state: "missing",
      message: expect.stringMatching(/^The secret stripe\/a is missing/),
    });
    await store(s, "stripe/a", "value");
    expect(Object.fromEntries(await requireSecrets(authorized, dev, s))).toEqual({ a: "value" });
  });

  test("the store is not opened when variables supply everything", async () => {
    const { stripe, session: s } = await session([policy("a")], { A: "x", INTEG_VAULT_PASSPHRASE: "wrong" });
    expect((await resolveSecrets(stripe, dev, s)).missing).toEqual([]);
  });

  test("a store that cannot be read throws; its secrets are not `missing`", async () => {
    const { stripe, session: s } = await session([policy("a")], { INTEG_VAULT_PASSPHRASE: "wrong" });
    await expect(resolveSecrets(stripe, dev, s)).rejects.toMatchObject({ state: "locked" });
  });

  test("a value of another environment is not for use, and the error says where it came from and not what it is", async () => {
    const pattern = { dev: /^test_/, prod: /^live_/ };
    const fromVariable = await session([policy("a", { pattern })], { A: "live_1" });
    await expect(requireSecrets(fromVariable.stripe, dev, fromVariable.session)).rejects.toMatchObject({
      state: "refused",
      exitCode: 4,
      message: "The value of stripe/a from the variable A is one for prod, not for dev: it is not used",
      hint: expect.stringMatching(/^unset A, or set it to a value for dev; use --env prod/),
    });
    const { stripe, session: s } = await session([policy("a", { pattern })]);
    await store(s, "stripe/a", "live_1");
    const refusal = await requireSecrets(stripe, dev, s).catch((error: Error) => error.message);
    expect(refusal).toMatch(/^The value of stripe\/a from the vault .*is one for prod, not for dev/);
    expect(refusal).not.toContain("live_1");
    expect(Object.fromEntries((await resolveSecrets(stripe, dev, s)).values)).toEqual({ a: "live_1" });
  });

  test("what fits no pattern, or meets none in its environment, is used", async () => {
    for (const pattern of [{ dev: /^test_/ }, { prod: /^live_/ }, { dev: /_/, prod: /^live_/ }]) {
      const { stripe, session: s } = await session([policy("a", { pattern })], { A: "live_1" });
      expect(Object.fromEntries(await requireSecrets(stripe, dev, s))).toEqual({ a: "live_1" });
    }
  });
});

describe("findings for check", () => {
  const rules = async (
    secrets: readonly SecretPolicy[],
    fill: (s: SecretSession) => Promise<void>,
    env = {},
  ) => {
    const { session: s } = await session(secrets, env);
    await fill(s);
    const findings = await judgeSecrets(s, dev, { now: NOW });
    return findings.map(({ rule, severity, message }) => `${severity} ${rule}: ${message}`);
  };

  test("missing", async () => {
    expect(await rules([policy("a")], async () => {})).toEqual([
      "error secret/missing: stripe/a has no value in dev",
    ]);
  });

  test("of another environment, or of no known form", async () => {
    const pattern = { dev: /^test_/, prod: /^live_/ };
    const found = await rules(
      [policy("a", { pattern }), policy("b", { pattern }), policy("c", { pattern })],
      async (s) => {
        await store(s, "stripe/a", "live_1");
        await store(s, "stripe/b", "zzz");
        await store(s, "stripe/c", "test_1");
      },
    );
    expect(found).toEqual([
      "error secret/wrong-environment: The value of stripe/a in dev is one for prod",
      "warning secret/pattern: The value of stripe/b does not have the form that its pattern for dev asks for",
    ]);
  });

  test("due, overdue, and neither", async () => {
    const every = { rotateEveryMs: 90 * DAY };
    const found = await rules(
      [policy("a", every), policy("b", every), policy("c", every), policy("d")],
      async (s) => {
        await store(s, "stripe/a", "x", NOW - 100 * DAY);
        await store(s, "stripe/b", "x", NOW - 80 * DAY);
        await store(s, "stripe/c", "x", NOW - 10 * DAY);
        await store(s, "stripe/d", "x", NOW - 1000 * DAY);
      },
    );
    expect(found).toEqual([
      "error secret/overdue: stripe/a in dev is to be rotated every 90 d: overdue for 10 d",
      "warning secret/due: stripe/b in dev is to be rotated every 90 d: due in 10 d",
    ]);
  });

  test("in CI, where the value is a variable, the ledger says how old it is", async () => {
    const { session: s, deps } = await session([policy("a", { rotateEveryMs: 90 * DAY })], { A: "x" });
    expect(await judgeSecrets(s, dev, { now: NOW })).toMatchObject([{ rule: "secret/unknown-age" }]);
    const createdAt = new Date(NOW - 91 * DAY).toISOString();
    await updateLedger(s.project, "dev", { "stripe/a": () => ({ createdAt }) }, deps);
    expect(await judgeSecrets(s, dev, { now: NOW })).toMatchObject([{ rule: "secret/overdue" }]);
  });

  test("a store out of reach is one finding, and nothing is called missing because of it", async () => {
    const found = await rules([policy("a"), policy("b")], async () => {}, {
      INTEG_VAULT_PASSPHRASE: "wrong",
    });
    expect(found).toEqual([expect.stringMatching(/^error secret\/locked: The vault .* is locked/)]);
  });

  test("a rotation that stopped half-way, but not one in its grace", async () => {
    const found = await rules([policy("a"), policy("b"), policy("c")], async (s) => {
      for (const name of ["a", "b", "c"]) await store(s, `stripe/${name}`, "x");
      const journal = { id: "r", tag: "t", startedAt: new Date(NOW).toISOString(), graceMs: 0, attempts: 1 };
      const graceUntil = (ms: number) => new Date(NOW + ms).toISOString();
      const journals = {
        "stripe/a": { ...journal, step: "revoke" },
        "stripe/b": { ...journal, step: "grace", graceUntil: graceUntil(1000) },
        "stripe/c": { ...journal, step: "grace", graceUntil: graceUntil(-1000) },
      };
      await s.update(dev, (envelope) => ({
        ...envelope,
        secrets: Object.fromEntries(
          Object.entries(journals).map(([name, rotation]) => [
            name,
            { versions: envelope.secrets[name]?.versions ?? [], rotation },
          ]),
        ),
      }));
    });
    expect(found).toEqual([
      "warning secret/rotation-open: The rotation of stripe/a in dev stopped at `revoke` on 2026-11-22",
      "warning secret/rotation-open: The grace of stripe/c in dev is over, and its old key is not revoked yet",
    ]);
  });

  test("findings never hold a value", async () => {
    const { session: s } = await session([policy("a", { pattern: { dev: /^x/ } })]);
    await store(s, "stripe/a", "a value to keep");
    expect(JSON.stringify(await judgeSecrets(s, dev, { now: NOW }))).not.toContain("a value to keep");
  });
});

describe("the schedule", () => {
  test("is fresh, then due, then overdue, and never goes back", () => {
    const order = ["fresh", "due", "overdue"];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(1000), fc.nat(1000), (every, a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)].map((age) =>
          order.indexOf(scheduleOf(every * DAY, NOW, NOW + age * DAY).state),
        );
        expect(late).toBeGreaterThanOrEqual(early ?? 0);
      }),
    );
  });

  test("a value from the future, after the clock was set back, counts as new", () => {
    expect(scheduleOf(90 * DAY, NOW + 500 * DAY, NOW)).toEqual({ state: "fresh", dueAt: NOW + 90 * DAY });
  });
});

describe("patterns", () => {
  test.each([
    ["dev", "test_1", { kind: "fits" }],
    ["dev", "live_1", { kind: "wrong-environment", belongsTo: ["prod"] }],
    ["prod", "other", { kind: "misshapen" }],
    ["staging", "anything", { kind: "fits" }],
  ])("%s %s", (environment, value, verdict) => {
    expect(
      judgeValue(policy("a", { pattern: { dev: /^test_/g, prod: /^live_/ } }), environment, value),
    ).toEqual(verdict);
  });

  test("`*` is for every environment that has none of its own", () => {
    const of = (environment: string) =>
      judgeValue(policy("a", { pattern: { dev: /^d/, "*": /^o/ } }), environment, "o").kind;
    expect([of("dev"), of("prod")]).toEqual(["misshapen", "fits"]);
  });
});

describe("the ledger", () => {
  test("is sorted, so that it merges well and the same content is the same text", () => {
    const at = { createdAt: "2026-01-01T00:00:00.000Z" };
    const ledger = (environments: Record<string, Record<string, typeof at>>) =>
      serializeLedger({ ledger: "integ-secrets/1", environments });
    expect(ledger({ prod: { b: at, a: at }, dev: { c: at }, old: {} })).toBe(
      ledger({ dev: { c: at }, prod: { a: at, b: at } }),
    );
  });

  test.each([
    ["a merge conflict", "<<<<<<< HEAD\n{}\n", /unresolved merge conflict/],
    ["another document", "[1]", /not a ledger/],
  ])("%s is refused with its name and left alone", async (_, text, message) => {
    const root = await temporaryDirectory();
    await writeFile(join(root, "integ.secrets.json"), text);
    await expect(readLedger(project(root, []))).rejects.toThrow(message);
  });
});
