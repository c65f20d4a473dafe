import type { Fault } from "./faults.ts";
import type { KeyPolicy } from "./keys.ts";
import type { QuotaSettings } from "./quota.ts";
import type { Release } from "./releases.ts";

/** What of a sandbox can be switched while it runs. */
export interface SandboxSettings {
  release: Release;
  quota: QuotaSettings;
  faults: readonly Fault[];
  /** Milliseconds added to each answer, and the most by which jitter adds to it. */
  latencyMs: number;
  jitterMs: number;
  /** ISO date from which the API is to be gone; sent as Deprecation, Sunset and Link headers. */
  sunset: string | undefined;
}

export const DEFAULT_SETTINGS: SandboxSettings = {
  release: "v1",
  quota: { family: "epoch", limit: 1000, windowSeconds: 60 },
  faults: [],
  latencyMs: 0,
  jitterMs: 0,
  sunset: undefined,
};

export const DEFAULT_KEY_POLICY: KeyPolicy = { maximum: 10, activationMs: 0, revocationMs: 0 };

/** Enough records for a contract to rest on, few enough to page through by hand. */
export const DEFAULT_SIZE = { customers: 40, charges: 60 };
