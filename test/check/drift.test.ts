import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Collector } from "../../src/contract/infer.ts";
import { formatContract, writeContract } from "../../src/contract/store.ts";
import { checkIn, projectWith, serveJson, shop } from "./project.ts";

/** A contract of `GET /thing`, learned from samples. */
function contractOf(samples: readonly unknown[], request = "GET /thing") {
  const collector = new Collector();
  for (const sample of samples) collector.add(sample);
  return {
    shape: collector.shape(),
    request,
    status: 200,
    contentType: "application/json",
    samples: samples.length,
    headers: [],
    title: "acme get-thing",
  };
}

const recorded = Array.from({ length: 40 }, (_, i) => ({
  id: `thing_${i}`,
  email: `person${i}@example.com`,
  note: `note ${i}`,
  amount: 100 + i,
}));

const SCHEMAS = `import * as z from "zod";

export const Thing = z.object({
  id: z.string(),
  email: z.string(),
  amount: z.number(),
});
`;

async function checkAgainst(now: (asked: number) => unknown, contract = contractOf(recorded)) {
  let asked = 0;
  const url = await serveJson(() => ({ body: now(asked++) }));
  const cwd = await projectWith(shop(url, { schemas: SCHEMAS }));
  await writeContract(join(cwd, "src/integrations/acme/v1/contract/get-thing.json"), contract);
  return checkIn(cwd, { samples: 10 });
}

const fresh = (i: number) => ({
  id: `thing_x${i}`,
  email: `new${i}@example.com`,
  note: "other",
  amount: 7 + i,
});

describe("drift as the consumer meets it", () => {
  test("the same API with other data has no finding", async () => {
    const { code, report } = await checkAgainst(fresh);
    expect({ code, findings: report.findings }).toEqual({ code: 0, findings: [] });
  });

  test("a property that our schema needs is gone: one error, at the line of our schema", async () => {
    const { code, report, stdout } = await checkAgainst((i) => ({ ...fresh(i), email: undefined }));
    expect(code).toBe(1);
    expect(report.findings).toMatchObject([
      {
        rule: "contract/property-removed",
        severity: "error",
        path: "$.email",
        location: { file: "src/integrations/acme/v1/schemas.ts", line: 5, column: 3 },
        evidence: { consumer: "Thing expects string, got nothing", rejected: 10 },
      },
    ]);
    expect(stdout).toContain("> 5 |   email: z.string(),");
  });

  test("a property that our schema does not read is gone: an info, and the check passes", async () => {
    const { code, report } = await checkAgainst((i) => ({ ...fresh(i), note: undefined }));
    expect(code).toBe(0);
    expect(report.findings).toMatchObject([
      {
        rule: "contract/property-removed",
        severity: "info",
        path: "$.note",
        evidence: { consumer: "Thing does not read it" },
      },
    ]);
  });

  test("a type that our schema does not take is an error", async () => {
    const { report } = await checkAgainst((i) => ({ ...fresh(i), amount: String(i) }));
    expect(report.findings).toMatchObject([{ severity: "error", path: "$.amount", location: { line: 6 } }]);
  });

  test("an error under a success status is inconclusive, and the schema's refusals are not said besides", async () => {
    const { code, report } = await checkAgainst(() => ({ error: { message: "maintenance" } }));
    expect(code).toBe(3);
    expect(report.findings).toMatchObject([{ rule: "contract/error-in-success", severity: "inconclusive" }]);
  });

  test("a contract of another request is inconclusive, with the command that mends it", async () => {
    const { code, report } = await checkAgainst(fresh, contractOf(recorded, "GET /thing?expand=all"));
    expect(code).toBe(3);
    expect(report.findings).toMatchObject([
      { rule: "contract/other-request", before: "GET /thing?expand=all", after: "GET /thing" },
    ]);
  });

  test("a broken contract file is one error and spoils no other endpoint", async () => {
    const url = await serveJson((path) => ({ body: path === "/thing" ? fresh(0) : { ok: true } }));
    const manifest = "  other: { request: GET /other }";
    const cwd = await projectWith({
      ...shop(url, { schemas: SCHEMAS, manifest }),
      "src/integrations/acme/v1/contract/get-thing.json": "{ not json",
      "src/integrations/acme/v1/contract/other.json": formatContract(
        contractOf([{ ok: true }], "GET /other"),
      ),
    });
    const { code, report } = await checkIn(cwd);
    expect(code).toBe(1);
    expect(report.findings).toMatchObject([
      { rule: "contract/unreadable", severity: "error", endpoint: "get-thing" },
    ]);
    expect(report.endpoints).toMatchObject([{ state: "checked" }, { state: "checked" }]);
  });
});
