import { expect, test } from "vitest";
import { finding } from "../../../src/base/finding.ts";
import type { EndpointState } from "../../../src/check/target.ts";
import { judged } from "../../../src/commands/check/tell/outcome.ts";

const told = (rule: string, integration: string) =>
  finding({ rule, severity: "error", message: "it is so", integration, environment: "dev" });

const endpoint = (integration: string, state: EndpointState) => ({
  integration,
  version: "v1",
  environment: "dev",
  endpoint: "get",
  state,
});

/** Whether what is no longer found is gone, after a run whose endpoints ended so. */
const isGone = (rule: string, ...endpoints: ReturnType<typeof endpoint>[]) =>
  judged({ fresh: [], all: [], endpoints, environment: "dev", everything: true, everyPart: true })(
    told(rule, "acme"),
  );

test("a host's certificate is not told to be well while the host is out of reach", () => {
  const certificate = "provider/certificate-expiring";
  expect(isGone(certificate, endpoint("acme", "checked"), endpoint("mail", "inconclusive"))).toBe(true);
  expect(isGone(certificate, endpoint("acme", "inconclusive"))).toBe(false);
  // A method that is never sent says nothing of the host.
  expect(isGone(certificate, endpoint("acme", "checked"), endpoint("acme", "not-sent"))).toBe(true);
});

test("what has nothing to do with a host is gone although the host is out of reach", () => {
  expect(isGone("secret/overdue", endpoint("acme", "inconclusive"))).toBe(true);
});
