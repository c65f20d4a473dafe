import type { SecretPolicy } from "../config/project.ts";
import { type Envelope, versionOf } from "./envelope.ts";

/**
 * The values that an application is to accept now, the one in use first: two where something signs with old and new during
 * the grace of its rotation, else one, or none.
 */
export function acceptedValues(envelope: Envelope, name: string, { rotation }: SecretPolicy): string[] {
  const overlaps = rotation.driver === "webhook" && envelope.secrets[name]?.rotation?.step === "grace";
  const labels = overlaps ? (["current", "previous"] as const) : (["current"] as const);
  return labels.flatMap((label) => versionOf(envelope, name, label)?.value ?? []);
}

/** Several values in one variable, as `integ/runtime` reads what signs webhooks. */
export const joinAccepted = (values: readonly string[]): string => values.join(",");
