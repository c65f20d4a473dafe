import { join } from "node:path";
import { expect, test } from "vitest";
import { buildReport } from "../../../src/base/report.ts";
import { plainStyle } from "../../../src/base/style.ts";
import { run as accept } from "../../../src/commands/accept/run.ts";
import { run } from "../../../src/commands/diff/run.ts";
import { run as record } from "../../../src/commands/record/run.ts";
import { recordContract } from "../../../src/contract/record.ts";
import { writeContract } from "../../../src/contract/store.ts";
import { checkIn, projectWith, quietContext, serveJson, shop } from "../../check/project.ts";
import { answer, times } from "../../contract/samples.ts";

const SCHEMAS = `import * as z from "zod";

export const Thing = z.object({
  id: z.string(),
  email: z.string(),
  status: z.string(),
});
`;

const OPTIONS = {
  targets: [],
  env: undefined,
  samples: 10,
  against: undefined,
  direction: undefined,
  allowRemoteRefs: undefined,
  format: undefined,
  timeout: undefined,
};

const recorded = times(400, (i) => ({
  id: `thing_${i}`,
  email: `person${i}@example.com`,
  status: i % 2 === 0 ? "open" : "paid",
  note: `note ${i}`,
}));

/** A project with a recorded contract, whose API now answers with `body`. */
async function shopThatAnswers(body: unknown, config = "") {
  const url = await serveJson(() => ({ body }));
  const cwd = await projectWith(shop(url, { schemas: SCHEMAS, config }));
  const about = { request: "GET /thing", title: "acme get-thing" };
  const contract = recordContract(
    recorded.map((value) => answer(value)),
    about,
  );
  await writeContract(join(cwd, "src/integrations/acme/v1/contract/get-thing.json"), contract);
  return cwd;
}

const lines = (findings: readonly { severity: string; rule: string; location?: { file: string } }[]) =>
  findings.map(({ severity, rule, location }) => `${severity} ${rule} ${location?.file ?? ""}`.trim());

test("diff judges live answers by the consumer's schema, as check does", async () => {
  const cwd = await shopThatAnswers({ id: "thing_1", status: "lost" });
  const { findings = [], text } = await run(OPTIONS, quietContext(cwd));
  const { findings: sorted } = buildReport({
    command: "diff",
    startedAt: 0,
    durationMs: 0,
    findings,
    data: {},
  });
  expect(lines(sorted)).toEqual([
    "error contract/property-removed src/integrations/acme/v1/schemas.ts",
    "info contract/property-removed",
    "info contract/enum-value-added src/integrations/acme/v1/schemas.ts",
  ]);
  expect(text?.({ style: plainStyle, columns: 100 })).toContain("email: z.string()");
  const { report } = await checkIn(cwd, { samples: 10 });
  expect(lines(report.findings)).toEqual(lines(sorted));
});

test("severities of the configuration have the last word", async () => {
  const config = "rules: { contract/property-removed: warning, contract/enum-value-added: off }\n";
  const cwd = await shopThatAnswers({ id: "thing_1", status: "lost" }, config);
  const { findings = [] } = await run(OPTIONS, quietContext(cwd));
  expect(findings.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual([
    "warning contract/property-removed",
    "warning contract/property-removed",
  ]);
});

test("record and accept show drift as bad as diff does", async () => {
  const cwd = await shopThatAnswers({ id: "thing_1", status: "lost" });
  const drift = [
    "error contract/property-removed",
    "info contract/enum-value-added",
    "info contract/property-removed",
  ];
  const said = (findings: readonly { severity: string; rule: string }[]) =>
    findings.map(({ severity, rule }) => `${severity} ${rule}`).sort();
  const recorded = await record(
    { ...OPTIONS, force: undefined, deepen: undefined, dryRun: true },
    quietContext(cwd),
  );
  expect(said(recorded.findings ?? [])).toEqual(drift);
  const chosen = { rule: [], path: [], fingerprint: [], all: true, dryRun: true };
  const { data = {} } = await accept({ ...OPTIONS, ...chosen }, quietContext(cwd));
  expect(data).toMatchObject({ accepted: expect.any(Array), left: [] });
  expect(said(data["accepted"] as { severity: string; rule: string }[])).toEqual(drift);
});
