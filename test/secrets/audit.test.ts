import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Project } from "../../src/config/project.ts";
import { systemClock } from "../../src/host/clock.ts";
import { type AuditEntry, nextEntry, START, verifyChain } from "../../src/secrets/audit/chain.ts";
import { AUDIT_FILE, readAudit, recordAudit } from "../../src/secrets/audit/log.ts";
import { temporaryDirectory } from "../support/cli.ts";
import { integInProcess } from "../support/in-process.ts";
import { cheapVaults } from "./cheap-vault.ts";
import { project } from "./project.ts";
import { shopProject } from "./shop.ts";

function chain(length: number): string[] {
  const lines: string[] = [];
  let head = START;
  for (let i = 0; i < length; i++) {
    const at = "2026-11-22T10:00:00.000Z";
    const entry: AuditEntry = nextEntry(head, {
      at,
      actor: "ada@host",
      action: i % 2 ? "get" : "set",
      environment: "dev",
      secrets: [`stripe/s${i}`],
    });
    head = { seq: entry.seq, hash: entry.hash };
    lines.push(JSON.stringify(entry));
  }
  return lines;
}

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
const headOf = (lines: readonly string[]) => verifyChain(text(lines)).head;

describe("the chain", () => {
  test("is whole as it was written, and an unfinished last line does not count", () => {
    expect(verifyChain(text(chain(20)))).toMatchObject({ head: { seq: 20 } });
    expect(verifyChain(`${text(chain(20))}{"seq":21,`)).not.toHaveProperty("broken");
  });

  test("any changed character of any entry is noticed", () => {
    const lines = chain(6);
    const whole = text(lines);
    fc.assert(
      fc.property(fc.nat(whole.length - 2), fc.constantFrom("x", "0", "}", '"', "é"), (at, char) => {
        fc.pre(whole[at] !== char);
        const changed = whole.slice(0, at) + char + whole.slice(at + 1);
        expect(verifyChain(changed, headOf(lines))).toHaveProperty("broken");
      }),
    );
  });

  test("removed, repeated, moved and shortened entries are noticed", () => {
    const lines = chain(10);
    const head = headOf(lines);
    fc.assert(
      fc.property(fc.nat(9), fc.nat(9), (i, j) => {
        fc.pre(i !== j);
        const removed = lines.filter((_, k) => k !== i);
        const swapped = lines.map((line, k) => (k === i ? lines[j] : k === j ? lines[i] : line) ?? "");
        const repeated = [...lines.slice(0, i + 1), ...lines.slice(i)];
        for (const changed of [removed, swapped, repeated, lines.slice(0, i)]) {
          expect(verifyChain(text(changed), head)).toHaveProperty("broken");
        }
      }),
    );
  });
});

test("an entry that says one thing twice, or is spaced otherwise than it was written, is noticed", () => {
  const [line = ""] = chain(1);
  for (const changed of [
    line.replace('"actor":', '"actor":"eve@host","actor":'),
    line.replace('"actor":', '"actor": '),
    `${line}\r`,
  ]) {
    expect(verifyChain(text([changed])), changed).toMatchObject({ broken: { line: 1 } });
  }
});

describe("the log", () => {
  let shop: Project;
  let deps: { env: Record<string, string>; clock: typeof systemClock };
  const record = (secret: string) =>
    recordAudit(shop, { action: "set", environment: "dev", secrets: [secret] }, deps);

  beforeEach(async () => {
    const root = await temporaryDirectory();
    shop = project(root, []);
    deps = { env: { HOME: root }, clock: systemClock };
  });

  test("many writers at once make one unbroken chain", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => record(`a/s${i}`)));
    const { entries, broken } = await readAudit(shop, deps);
    expect([entries.length, broken]).toEqual([20, undefined]);
  });

  test("what a killed writer left unfinished is replaced by the next entry", async () => {
    await record("a/one");
    await appendFile(join(shop.root, AUDIT_FILE), '{"seq":2,"at":"20');
    await record("a/two");
    expect(await readAudit(shop, deps)).toMatchObject({ entries: [{ seq: 1 }, { seq: 2 }] });
  });

  test("of clones whose paths end alike each knows where its own log ends", async () => {
    const root = await temporaryDirectory();
    const clones = ["one", "two"].map((name) =>
      project(join(root, name, "payments-service-of-the-whole-company"), []),
    );
    for (const clone of clones) {
      await recordAudit(clone, { action: "set", environment: "dev", secrets: ["a/b"] }, deps);
    }
    for (const clone of clones) {
      await rm(join(clone.root, AUDIT_FILE));
      expect(await readAudit(clone, deps)).toMatchObject({
        broken: { reason: expect.stringMatching(/are gone/) },
      });
    }
  });

  test("a log that was deleted or cut shows for good, also after new entries", async () => {
    for (const name of ["one", "two", "three"]) await record(`a/${name}`);
    await rm(join(shop.root, AUDIT_FILE));
    expect(await readAudit(shop, deps)).toMatchObject({
      broken: { reason: expect.stringMatching(/are gone/) },
    });
    await record("a/four");
    expect(await readAudit(shop, deps)).toMatchObject({ broken: { line: 1 } });
  });
});

test("audit --verify: 0 for a whole log, 1 with a finding for a changed one; deeds are told, values are not", async () => {
  const cwd = await shopProject({ store: "vault" });
  const env = await cheapVaults(cwd);
  await integInProcess(["secrets", "set", "stripe/api_key"], { cwd, env, stdin: "a value to hide" });
  await integInProcess(["secrets", "get", "stripe/api_key"], { cwd, env });
  await integInProcess(["run", "--allow-missing", "--", "true"], { cwd, env });
  const verify = () => integInProcess(["secrets", "audit", "--verify", "--json"], { cwd, env });
  expect(await verify()).toMatchObject({ code: 0 });
  const shown = await integInProcess(["secrets", "audit"], { cwd, env });
  expect(shown.stdout.match(/run true|get|set/g)).toEqual(["run true", "get", "set"]);
  expect(shown.stdout).not.toContain("hide");
  const file = join(cwd, AUDIT_FILE);
  await writeFile(file, (await readFile(file, "utf8")).replace('"get"', '"set"'));
  const after = await verify();
  expect(after.code).toBe(1);
  expect(JSON.parse(after.stdout)).toMatchObject({
    intact: false,
    findings: [{ rule: "secret/audit-broken", severity: "error", location: { line: 2 } }],
  });
});
