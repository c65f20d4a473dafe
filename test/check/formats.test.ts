import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Finding } from "../../src/base/finding.ts";
import { infer } from "../../src/contract/infer.ts";
import { writeContract } from "../../src/contract/store.ts";
import { READ_BACK, type Said } from "../support/read-reports.ts";
import { checkIn, projectWith, serveJson, shop } from "./project.ts";

const SCHEMAS = `import * as z from "zod";

export const Thing = z.object({
  id: z.string(),
  email: z.string(),
  amount: z.number(),
  state: z.enum(["open", "paid"]),
  items: z.array(z.object({ sku: z.string() })),
});
`;

/** The API as it was recorded, and what its next version answers. */
const old = (i: number) => ({
  id: `t_${i}`,
  email: `p${i}@example.com`,
  amount: i + 0.5,
  state: i % 2 ? "open" : "paid",
  items: [{ sku: `s${i}` }],
  legacy: true,
});
const next = (i: number) => ({
  id: `t_${i}`,
  amount: String(i + 0.5),
  state: i % 2 ? "open" : "refunded",
  items: [{ sku: null }],
  created: "2026-01-01T00:00:00Z",
});

const FORMATS = Object.keys(READ_BACK) as (keyof typeof READ_BACK)[];

/** A project recorded on the old version, checked against the new one, with an endpoint that is down. */
async function upgraded() {
  let asked = 0;
  const url = await serveJson((path) =>
    path === "/down" ? { status: 503, body: {} } : { body: next(asked++) },
  );
  const manifest = "  down: { request: GET /down }";
  const config = "rules: { contract/not-recorded: off }\n";
  const cwd = await projectWith(shop(url, { schemas: SCHEMAS, manifest, config }));
  await writeContract(join(cwd, "src/integrations/acme/v1/contract/get-thing.json"), {
    shape: await infer(Array.from({ length: 40 }, (_, i) => old(i))),
    request: "GET /thing",
    status: 200,
    contentType: "application/json",
    samples: 40,
    headers: [],
    title: "acme get-thing",
  });
  const reporter = FORMATS.map((name) => `${name}=out/${name}`);
  const checked = await checkIn(cwd, { samples: 10, reporter });
  const said = await Promise.all(
    FORMATS.map(
      async (name) => [name, READ_BACK[name](await readFile(join(cwd, "out", name), "utf8"))] as const,
    ),
  );
  return { ...checked, said: new Map<string, Said[]>(said) };
}

const levels = {
  sarif: { error: "error", warning: "warning", info: "note", inconclusive: "notification" },
  gitlab: { error: "critical", warning: "major", info: "info", inconclusive: "info" },
  github: { error: "error", warning: "warning", inconclusive: "warning" },
  junit: { error: "failure" },
  markdown: { error: "error", warning: "warning", info: "info", inconclusive: "inconclusive" },
  html: { error: "error", warning: "warning", info: "info", inconclusive: "inconclusive" },
} satisfies Record<keyof typeof READ_BACK, Partial<Record<Finding["severity"], string>>>;

const sorted = (said: readonly Said[]) =>
  said.map(({ rule, level, place }) => `${level} ${rule} ${place ?? ""}`).sort();

/** What a format should say of a finding; nothing where it has no word for its severity. */
function expectedOf(name: keyof typeof READ_BACK, { rule, severity, location, endpoint }: Finding): Said[] {
  const known: Partial<Record<Finding["severity"], string>> = levels[name];
  const level = known[severity];
  if (level === undefined) return [];
  // What has no line of its own points at the line of the manifest that declares its endpoint.
  const declared = `src/integrations/acme/integration.yaml:${endpoint === "down" ? 7 : 6}`;
  const place = location ? `${location.file}:${location.line}` : declared;
  return [{ rule, level, ...(level === "notification" ? {} : { place }) }];
}

test("two versions of an API: each break at the line of our schema that refuses it, the same in every format", async () => {
  const { code, report, said } = await upgraded();
  const findings: Finding[] = report.findings;
  const errors = findings.filter(({ severity }) => severity === "error");
  expect(code).toBe(1);
  expect(errors.map(({ rule, path, location }) => [rule, path, location?.line])).toEqual([
    ["contract/type-changed", "$.amount", 6],
    ["contract/property-removed", "$.email", 5],
    ["contract/became-nullable", "$.items[*].sku", 8],
    ["consumer/rejected", "$.state", 7],
  ]);
  const file = "src/integrations/acme/v1/schemas.ts";
  expect(errors.every(({ location }) => location?.file === file)).toBe(true);
  const others = findings.filter(({ severity }) => severity !== "error");
  expect(others.map(({ rule, severity, path }) => [rule, severity, path])).toEqual(
    expect.arrayContaining([
      ["contract/property-removed", "info", "$.legacy"],
      ["contract/property-added", "info", "$.created"],
      ["probe/server-error", "inconclusive", undefined],
    ]),
  );
  for (const name of FORMATS) {
    const expected = findings.flatMap((one) => expectedOf(name, one));
    expect(sorted(said.get(name) ?? []), name).toEqual(sorted(expected));
  }
});
