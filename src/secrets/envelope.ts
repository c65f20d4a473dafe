import * as z from "zod";
import { compareText } from "../base/finding.ts";

/**
 * Where a version stands: `current` is what the app uses, `pending` is new and not yet trusted, `previous` is the one
 * before and can come back; `retired` is history without its value.
 */
export const LABELS = ["current", "pending", "previous", "retired"] as const;
export type Label = (typeof LABELS)[number];

const instant = z.iso.datetime();

const versionSchema = z.looseObject({
  id: z.string().min(1),
  label: z.enum(LABELS),
  /** Absent once the version is retired. */
  value: z.string().optional(),
  /** Eight hex digits of an HMAC under the envelope's own key: tells values apart without showing them. */
  fingerprint: z.string(),
  createdAt: instant,
  /** How the value came here: `set`, `import`, `rotate`, `migrate`. */
  source: z.string(),
  /** What the provider calls the key, so that it can be revoked. */
  providerKeyId: z.string().optional(),
  /** Last instant at which a `previous` version is certain to be kept. */
  until: instant.optional(),
  retiredAt: instant.optional(),
});

const secretSchema = z.looseObject({
  versions: z.array(versionSchema),
  /** The journal of a rotation under way; its own schema belongs to the rotation. */
  rotation: z
    .looseObject({ id: z.string(), step: z.string(), with: z.array(z.string()).optional() })
    .optional(),
  /** What was pushed last, by the target's name. */
  pushed: z
    .record(z.string(), z.object({ place: z.string(), fingerprint: z.string(), at: instant }))
    .optional(),
});

const envelopeSchema = z.looseObject({
  v: z.literal(1),
  /** Counts writes; 0 is the empty envelope that was never written. */
  rev: z.int().nonnegative(),
  project: z.string(),
  environment: z.string(),
  /** Hex; keys the fingerprints, so that they mean nothing outside this envelope. */
  fingerprintKey: z.string().regex(/^[0-9a-f]{64}$/),
  secrets: z.record(z.string(), secretSchema),
});

/** One value of a secret with its label. */
export type SecretVersion = z.infer<typeof versionSchema>;

/** All versions of one secret, newest first. */
export type StoredSecret = z.infer<typeof secretSchema>;

/**
 * All secrets of one environment of one project, by `integration/name`. Stored as one piece, so that one write can
 * move two labels. Unknown keys of a later integ are kept.
 */
export type Envelope = z.infer<typeof envelopeSchema>;

/** The envelope before anything was stored. `fingerprintKey`: 32 random bytes as hex. */
export function emptyEnvelope(project: string, environment: string, fingerprintKey: string): Envelope {
  return { v: 1, rev: 0, project, environment, fingerprintKey, secrets: {} };
}

/** Stable text of an envelope: secrets sorted by name. */
export function serializeEnvelope(envelope: Envelope): string {
  const secrets = Object.entries(envelope.secrets).sort(([a], [b]) => compareText(a, b));
  return JSON.stringify({ ...envelope, secrets: Object.fromEntries(secrets) });
}

export type ParsedEnvelope = { ok: true; envelope: Envelope } | { ok: false; reason: string };

/** Reads what `serializeEnvelope` wrote. The reason of a failure never quotes the text: it may hold values. */
export function parseEnvelope(text: string): ParsedEnvelope {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, reason: "it is not JSON" };
  }
  const parsed = envelopeSchema.safeParse(json);
  if (parsed.success) return { ok: true, envelope: parsed.data };
  const version = z.object({ v: z.number() }).safeParse(json);
  if (version.success && version.data.v > 1) {
    return { ok: false, reason: `it was written by a later integ (format ${version.data.v})` };
  }
  const issue = parsed.error.issues[0];
  return { ok: false, reason: `it has no valid \`${issue?.path.slice(0, 1).join(".") || "content"}\`` };
}

/** The version that carries a label, if any. `retired` is carried by many and has no single holder. */
export function versionOf(
  envelope: Envelope,
  name: string,
  label: Exclude<Label, "retired">,
): SecretVersion | undefined {
  if (!Object.hasOwn(envelope.secrets, name)) return undefined;
  return envelope.secrets[name]?.versions.find((version) => version.label === label);
}

/** The value the app is to use now. */
export function currentValue(envelope: Envelope, name: string): string | undefined {
  return versionOf(envelope, name, "current")?.value;
}

/** Secrets under rotation → the secret whose rotation it is: its own, or one that it is replaced together with. */
export function underRotation(envelope: Envelope): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(envelope.secrets).flatMap(([name, { rotation }]) =>
      rotation ? [name, ...(rotation.with ?? [])].map((one): [string, string] => [one, name]) : [],
    ),
  );
}

/** The value of another secret that came together with a value of this one; else the one under the same label. */
export function valueBeside(
  envelope: Envelope,
  name: string,
  other: string,
  value: string,
): string | undefined {
  const version = envelope.secrets[name]?.versions.find((one) => one.value === value);
  const others = envelope.secrets[other]?.versions ?? [];
  const made = version && others.find(({ id }) => id === version.id);
  return (made ?? others.find(({ label }) => label === version?.label))?.value;
}
