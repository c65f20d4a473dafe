import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isBehind } from "../../src/commands/check/pins.ts";
import { checkIn, projectWith } from "../check/project.ts";

describe("a version of an API that is behind", () => {
  test.each([
    ["2024-06-20", "2026-10-28.endive", true],
    ["2026-10-28.endive", "2026-10-28.endive", false],
    ["2027-01-01", "2026-10-28.endive", false],
    ["2.9", "2.14", true],
    ["2.14", "2.9", false],
    ["v3", "v4", true],
    ["3", "3.0", false],
    ["2024-06-20", "2.14", false],
    ["beta", "2.14", false],
  ])("%s against %s: %s", (pinned, latest, behind) => {
    expect(isBehind(pinned, latest)).toBe(behind);
  });

  test("is an order: of two different versions one is behind, never both", () => {
    const version = fc.array(fc.nat(30), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("."));
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(isBehind(a, b) && isBehind(b, a)).toBe(false);
        expect(isBehind(a, a)).toBe(false);
      }),
    );
  });

  test("is an info, for the version that is active, whatever of its integration is checked", async () => {
    const manifest = (headers: string, name = "pay") =>
      `name: ${name}\nprovider: stripe\nbaseUrl: http://127.0.0.1:9\nactive: v1\nversions: { v1: ${headers}, v2: { headers: { Stripe-Version: "2019-01-01" } } }\nendpoints:\n  get: { request: GET /x }\n`;
    const projectOf = (headers: string) =>
      projectWith({
        "integ.config.yaml": "project: shop\n",
        "src/integrations/pay/integration.yaml": manifest(headers),
        "src/integrations/pay/v2/schemas.ts": "",
        "src/integrations/pay/v1/schemas.ts": "",
      });
    const old = await projectOf('{ headers: { Stripe-Version: "2024-06-20" } }');
    const { code, report } = await checkIn(old, { only: "config" });
    expect(code).toBe(0);
    expect(report.findings).toMatchObject([
      { rule: "config/version-behind", severity: "info", version: "v1", before: "2024-06-20" },
    ]);
    expect((await checkIn(old, { only: "config", targets: ["pay/get"] })).report.findings).toMatchObject([
      { rule: "config/version-behind", integration: "pay" },
    ]);
    const beside = await projectWith({
      "integ.config.yaml": "project: shop\n",
      "src/integrations/pay/integration.yaml": manifest('{ headers: { Stripe-Version: "2024-06-20" } }'),
      "src/integrations/pay/v1/schemas.ts": "",
      "src/integrations/pay/v2/schemas.ts": "",
      "src/integrations/other/integration.yaml": manifest("{}", "other"),
      "src/integrations/other/v1/schemas.ts": "",
      "src/integrations/other/v2/schemas.ts": "",
    });
    expect((await checkIn(beside, { only: "config", targets: ["other"] })).report.findings).toEqual([]);
    const unpinned = await projectOf("{}");
    expect((await checkIn(unpinned, { only: "config" })).report.findings).toEqual([]);
  });
});
