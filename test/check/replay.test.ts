import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { integInProcess } from "../support/in-process.ts";
import { projectWith, serveJson, shop } from "./project.ts";

/** Built at run time: no key stands in this file. */
const KEY = ["sk", "test", "r3play".repeat(4)].join("_");

test("a replay on a machine without credentials finds what the recording run found, secrets' policy and all", async () => {
  const url = await serveJson(() => ({ body: { id: "1" } }));
  const manifest = [
    "  other: { request: GET /other }",
    "auth: { scheme: bearer, secret: api_key }",
    "secrets: { api_key: { env: ACME_API_KEY, rotateEvery: 90d } }",
  ].join("\n");
  const cwd = await projectWith(shop(url, { manifest, config: "secrets: { store: env }\n" }));
  const findings = ({ stdout }: { stdout: string }): unknown => JSON.parse(stdout).findings;
  const recorded = await integInProcess(["check", "--har-out", "a.har", "--json"], {
    cwd,
    env: { ACME_API_KEY: KEY },
  });
  expect(findings(recorded)).toEqual(
    expect.arrayContaining([expect.objectContaining({ rule: "secret/unknown-age" })]),
  );
  expect(await readFile(join(cwd, "a.har"), "utf8")).not.toContain(KEY);
  const replayed = await integInProcess(["check", "--har-in", "a.har", "--json"], { cwd });
  expect(findings(replayed)).toEqual(findings(recorded));
  expect(replayed.code).toBe(recorded.code);

  // Without the credential nothing was sent: the replay says so too, and not that answers are missing.
  const blocked = await integInProcess(["check", "--har-out", "b.har", "--json"], { cwd });
  const again = await integInProcess(["check", "--har-in", "b.har", "--json"], {
    cwd,
    env: { ACME_API_KEY: KEY },
  });
  expect(findings(again)).toEqual(findings(blocked));

  // What a browser recorded says nothing of secrets: they are judged as they are.
  const { log } = JSON.parse(await readFile(join(cwd, "a.har"), "utf8"));
  await writeFile(join(cwd, "browser.har"), JSON.stringify({ log: { ...log, _integ: undefined } }));
  const foreign = await integInProcess(["check", "--har-in", "browser.har", "--json"], { cwd });
  expect(foreign.stdout).toContain("secret/missing");
});
