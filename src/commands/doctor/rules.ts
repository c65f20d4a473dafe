import type { Severity } from "../../base/finding.ts";
import type { Area } from "./look.ts";

/** What is wrong with each area where `doctor` finds something; a look that only warns is a warning whatever stands here. */
const AREAS: Readonly<Record<Area, { severity: Severity; summary: string }>> = {
  node: { severity: "error", summary: "Node is older than integ runs on" },
  cache: { severity: "warning", summary: "Compiled code is not kept, so every command starts more slowly" },
  config: { severity: "error", summary: "The configuration cannot be read; a warning where there is none" },
  contracts: {
    severity: "error",
    summary: "Contracts cannot be read; a warning where they are missing or of another request",
  },
  catalog: { severity: "warning", summary: "INTEGRATIONS.md is behind the manifests" },
  store: { severity: "error", summary: "The store of secrets is locked, absent or broken" },
  secrets: {
    severity: "error",
    summary: "A secret is missing, overdue or of another environment; a warning where it is due",
  },
  proxy: { severity: "error", summary: "A proxy variable cannot be used" },
  tls: {
    severity: "error",
    summary: "Certificates are not verified; a warning where further authorities cannot be read",
  },
  // A look that could not be made is nobody's fault.
  network: {
    severity: "inconclusive",
    summary: "A provider cannot be reached; a warning where its certificate ends soon",
  },
  clock: { severity: "error", summary: "The clock is a minute off or more; a warning from 5 s" },
};

export const doctorRule = (area: Area) => ({ id: `doctor/${area}`, ...AREAS[area] });

export const DOCTOR_RULES = (Object.keys(AREAS) as Area[]).map(doctorRule);
