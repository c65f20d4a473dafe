import { describe, expect, test } from "vitest";
import { exitCodeOf, type FailOn } from "../../src/base/exit-policy.ts";
import { type Finding, finding, SEVERITIES } from "../../src/base/finding.ts";

const FAIL_ON: readonly FailOn[] = ["error", "warning", "info", "never"];
const waiver = { reason: "r", until: "2999-01-01" };

/** Every set of findings there can be, by severity, each open, waived or absent. */
function* worlds(): Generator<Finding[]> {
  const states = ["absent", "open", "waived"] as const;
  for (let number = 0; number < states.length ** SEVERITIES.length; number++) {
    yield SEVERITIES.flatMap((severity, at) => {
      const state = states[Math.floor(number / states.length ** at) % states.length];
      const one = finding({ rule: `r/${severity}`, severity, message: "m" });
      return state === "absent" ? [] : [state === "waived" ? { ...one, waiver } : one];
    });
  }
}

describe("exit codes of findings: 1 over 3 over 0, and waived findings count for nothing", () => {
  test.each(FAIL_ON)("--fail-on %s", (failOn) => {
    const failing =
      failOn === "never" ? [] : SEVERITIES.slice(0, ["error", "warning", "info"].indexOf(failOn) + 1);
    for (const findings of worlds()) {
      const open = findings.filter((one) => !one.waiver).map(({ severity }) => severity);
      const expected = open.some((severity) => failing.includes(severity))
        ? 1
        : open.includes("inconclusive")
          ? 3
          : 0;
      expect(exitCodeOf(findings, failOn), JSON.stringify(open)).toBe(expected);
    }
  });
});

describe("fingerprints", () => {
  const base = {
    rule: "contract/property-removed",
    severity: "error" as const,
    message: "m",
    integration: "stripe",
    version: "v1",
    environment: "prod",
    endpoint: "get-balance",
    path: "$.a",
  };

  test("are the same on every machine and in every release: waivers and alerts hang on them", () => {
    expect(finding(base).fingerprint).toBe("d2c72e21bfff3f43");
    expect(
      finding({ rule: "check/waiver-expired", severity: "warning", message: "m" }, "x").fingerprint,
    ).toBe("a9da5a543a5adac1");
  });

  test("do not change with what varies from run to run", () => {
    const other = {
      ...base,
      severity: "info" as const,
      message: "other",
      before: 1,
      after: 2,
      evidence: { n: 3 },
      help: "h",
      location: { file: "f", line: 9, column: 1 },
    };
    expect(finding(other).fingerprint).toBe(finding(base).fingerprint);
  });

  test("differ for every part that tells findings apart", () => {
    const others = (["rule", "integration", "version", "environment", "endpoint", "path"] as const).map(
      (key) => finding({ ...base, [key]: "other" }),
    );
    const all = [finding(base), finding(base, "second"), ...others].map(({ fingerprint }) => fingerprint);
    expect(new Set(all).size).toBe(all.length);
  });

  test("cannot be confused by moving text from one part to the next", () => {
    const a = finding({ rule: "r/a", severity: "info", message: "", integration: "ab", version: "c" });
    const b = finding({ rule: "r/a", severity: "info", message: "", integration: "a", version: "bc" });
    expect(a.fingerprint).not.toBe(b.fingerprint);
  });
});
