import { compareText } from "../base/finding.ts";
import { isCount, isInstant, isListOf, isRecord, isRecordOf, isText, optional } from "../base/guards.ts";

/**
 * Where a version stands: `current` is what the app uses, `pending` is new and not yet trusted, `previous` is the one
 * before and can come back; `retired` is history without its value.
 */
export const LABELS = ["current", "pending", "previous", "retired"] as const;
export type Label = (typeof LABELS)[number];

/** One value of a secret with its label. Unknown keys of a later integ are kept, here and around it. */
export interface SecretVersion {
  readonly [key: string]: unknown;
  id: string;
  label: Label;
  /** Absent once the version is retired. */
  value?: string | undefined;
  /** Eight hex digits of an HMAC under the envelope's own key: tells values apart without showing them. */
  fingerprint: string;
  createdAt: string;
  /** How the value came here: `set`, `import`, `rotate`, `migrate`. */
  source: string;
  /** What the provider calls the key, so that it can be revoked. */
  providerKeyId?: string | undefined;
  /** Last instant at which a `previous` version is certain to be kept. */
  until?: string | undefined;
  retiredAt?: string | undefined;
}

/** All versions of one secret, newest first. */
export interface StoredSecret {
  readonly [key: string]: unknown;
  versions: SecretVersion[];
  /** The journal of a rotation under way; its own schema belongs to the rotation. */
  rotation?: { [key: string]: unknown; id: string; step: string; with?: string[] | undefined } | undefined;
  /** What was pushed last, by the target's name. */
  pushed?: Record<string, { place: string; fingerprint: string; at: string }> | undefined;
}

/**
 * All secrets of one environment of one project, by `integration/name`. Stored as one piece, so that one write can
 * move two labels.
 */
export interface Envelope {
  readonly [key: string]: unknown;
  v: 1;
  /** Counts writes; 0 is the empty envelope that was never written. */
  rev: number;
  project: string;
  environment: string;
  /** Hex; keys the fingerprints, so that they mean nothing outside this envelope. */
  fingerprintKey: string;
  secrets: Record<string, StoredSecret>;
}

// Checked by hand: loading a schema library would cost more than all the rest of reading an envelope, and `integ run`
// reads one before its program may start.

const isVersion = (value: unknown): boolean =>
  isRecord(value) &&
  isText(value.id) &&
  value.id !== "" &&
  LABELS.some((label) => label === value.label) &&
  optional(value.value, isText) &&
  isText(value.fingerprint) &&
  isInstant(value.createdAt) &&
  isText(value.source) &&
  optional(value.providerKeyId, isText) &&
  optional(value.until, isInstant) &&
  optional(value.retiredAt, isInstant);

const isRotation = (value: unknown): boolean =>
  isRecord(value) &&
  isText(value.id) &&
  isText(value.step) &&
  optional(value.with, (names) => isListOf(names, isText));

const isPush = (value: unknown): boolean =>
  isRecord(value) && isText(value.place) && isText(value.fingerprint) && isInstant(value.at);

const isSecret = (value: unknown): boolean =>
  isRecord(value) &&
  isListOf(value.versions, isVersion) &&
  optional(value.rotation, isRotation) &&
  optional(value.pushed, (pushes) => isRecordOf(pushes, isPush));

/** What each part of an envelope must be. */
const PARTS: { readonly [part: string]: (value: unknown) => boolean } = {
  v: (value) => value === 1,
  rev: isCount,
  project: isText,
  environment: isText,
  fingerprintKey: (value) => isText(value) && /^[0-9a-f]{64}$/.test(value),
  secrets: (value) => isRecordOf(value, isSecret),
};

const wrongPart = (value: unknown): string | undefined =>
  isRecord(value) ? Object.keys(PARTS).find((part) => !PARTS[part]?.(value[part])) : "content";

const isEnvelope = (value: unknown): value is Envelope => wrongPart(value) === undefined;

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
  if (isEnvelope(json)) return { ok: true, envelope: json };
  if (isRecord(json) && typeof json.v === "number" && json.v > 1) {
    return { ok: false, reason: `it was written by a later integ (format ${json.v})` };
  }
  return { ok: false, reason: `it has no valid \`${wrongPart(json)}\`` };
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
