import type { RotationDriver } from "../driver.ts";

/** What a guided rotation needs of a person. */
export interface Guide {
  /** Takes the new value, hidden. */
  newValue(): Promise<string>;
  /** Whether the old key was revoked on the provider's page. */
  confirmRevoked(): Promise<boolean>;
}

/** A provider without a key API: a person makes and revokes keys on its page, integ does everything else. */
export function manualDriver(guide: Guide): RotationDriver {
  return {
    guided: true,
    create: async () => ({ value: await guide.newValue() }),
    revoke: () => guide.confirmRevoked(),
  };
}
