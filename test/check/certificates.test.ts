import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { httpsServer } from "../http/server.ts";
import { makeCertificate } from "../support/certificate.ts";
import { integ } from "../support/cli.ts";
import { projectWith } from "./project.ts";

const DAY_MS = 86_400_000;

const authority = makeCertificate({ name: "Test Authority" });

/** A host whose certificate is good for so many days. */
function host(days: number) {
  const validTo = new Date(Date.now() + days * DAY_MS + 60_000);
  const { cert, key } = makeCertificate({
    name: "acme.test",
    hosts: ["127.0.0.1"],
    issuer: authority,
    validTo,
  });
  return httpsServer({ cert, key }, (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
}

const manifest = (name: string, port: number) =>
  `name: ${name}\nbaseUrl: https://127.0.0.1:${port}\nactive: v2\nversions: { v1: {}, v2: {} }\nendpoints:\n  one: { request: GET /one }\n  two: { request: GET /two }\n  three: { request: GET /three }\n`;

test("a certificate about to expire is said once for its host, and says of which of two hosts it is", async () => {
  const [soon, later, fine] = await Promise.all([host(3), host(10), host(80)]);
  const root = await projectWith({
    "integ.config.yaml": "project: shop\nrules: { contract/not-recorded: off }\n",
    "ca.pem": authority.cert,
    "src/integrations/acme/integration.yaml": manifest("acme", soon),
    "src/integrations/mail/integration.yaml": manifest("mail", later),
    "src/integrations/shop/integration.yaml": manifest("shop", fine),
  });
  for (const name of ["acme", "mail", "shop"])
    for (const version of ["v1", "v2"]) {
      await mkdir(join(root, `src/integrations/${name}/${version}`), { recursive: true });
      await writeFile(join(root, `src/integrations/${name}/${version}/schemas.ts`), "export {};\n");
    }
  const env = { NODE_EXTRA_CA_CERTS: join(root, "ca.pem") };
  const { code, stdout } = await integ(["check", "--json"], { cwd: root, env });
  const { findings, endpoints } = JSON.parse(stdout);
  expect(endpoints.length).toBeGreaterThanOrEqual(9);
  expect(findings).toMatchObject([
    { rule: "provider/certificate-expiring", severity: "error", integration: "acme", evidence: { days: 3 } },
    {
      rule: "provider/certificate-expiring",
      severity: "warning",
      integration: "mail",
      evidence: { days: 10 },
    },
  ]);
  expect(findings.map((one: object) => "endpoint" in one || "version" in one)).toEqual([false, false]);
  expect(code).toBe(1);
  // One endpoint alone finds the same finding: what is waived for the host stays so.
  const alone = await integ(["check", "acme@v1/two", "--json"], { cwd: root, env });
  expect(JSON.parse(alone.stdout).findings).toMatchObject([{ fingerprint: findings[0].fingerprint }]);
});
