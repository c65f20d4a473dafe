import { SecretError } from "../../base/errors.ts";
import { isCount, isInstant, isListOf, isRecord, isText, optional } from "../../base/guards.ts";
import { type Envelope, type StoredSecret, versionOf } from "../envelope.ts";
import {
  dropPending,
  type NewValue,
  promotePending,
  retirePrevious,
  rollback,
  setPending,
} from "../labels.ts";
import { corrupt } from "../states.ts";

/**
 * Where a rotation stands. Every step is written before the deed it announces, or with the deed's result in one write,
 * so that whoever finds the journal knows what may have happened.
 *
 * - `intent`: a key may have been made at the provider; none of ours is stored.
 * - `created`: the new value is stored as `pending`, untested.
 * - `undo`: the pending value is given up; its key may still live at the provider.
 * - `grace`: the new value is `current`, the old one `previous` and alive.
 * - `withdraw`: labels were set back; the new key, now `previous`, may still live.
 * - `revoke`: the old key is being revoked: from here on there is no way back.
 */
export const STEPS = ["intent", "created", "undo", "grace", "withdraw", "revoke"] as const;
export type Step = (typeof STEPS)[number];

/** Unknown keys of a later integ are kept. */
export interface Journal {
  [key: string]: unknown;
  id: string;
  step: Step;
  /** The name under which the new key is made, by which it is found again. */
  tag: string;
  startedAt: string;
  graceMs: number;
  /** Set with `grace`: when the old key may be revoked. */
  graceUntil?: string | undefined;
  verifiedAt?: string | undefined;
  /** What the provider calls the old key. */
  oldKeyId?: string | undefined;
  /** Full names of secrets whose labels move in the same writes, such as a key's id. */
  with?: string[] | undefined;
  /** The old value dies when the new one is made. */
  inPlace?: boolean | undefined;
  /** Ids of the keys there were before, where keys have no names. */
  baseline?: string[] | undefined;
  /** The process that makes the key: what another makes it cannot store. */
  holder?: string | undefined;
  /** A second process took the making over, so that the first may have left a key behind. */
  contested?: boolean | undefined;
  /** How often the present step was tried and failed. */
  attempts: number;
}

const isName = (value: unknown) => isText(value) && value !== "";
const isNames = (value: unknown) => isListOf(value, isText);

const isJournal = (value: unknown): value is Journal =>
  isRecord(value) &&
  isName(value.id) &&
  STEPS.some((step) => step === value.step) &&
  isName(value.tag) &&
  isInstant(value.startedAt) &&
  typeof value.graceMs === "number" &&
  value.graceMs >= 0 &&
  optional(value.graceUntil, isInstant) &&
  optional(value.verifiedAt, isInstant) &&
  optional(value.oldKeyId, isText) &&
  optional(value.with, isNames) &&
  optional(value.inPlace, (flag) => typeof flag === "boolean") &&
  optional(value.baseline, isNames) &&
  optional(value.holder, isText) &&
  optional(value.contested, (flag) => typeof flag === "boolean") &&
  isCount(value.attempts);

/**
 * The journal of a secret's rotation; undefined where none is under way.
 * @throws SecretError `corrupt` for one that this integ does not understand: going on could lose a key
 */
export function journalOf(envelope: Envelope, name: string): Journal | undefined {
  const secret = Object.hasOwn(envelope.secrets, name) ? envelope.secrets[name] : undefined;
  const journal = secret?.rotation;
  if (journal === undefined || isJournal(journal)) return journal;
  const where = `journal of the rotation of ${name}`;
  const hint = "run the command again with the newest integ: a later one may have written it";
  throw corrupt(where, "it has not the form that this integ knows", hint);
}

function write(envelope: Envelope, name: string, rotation: Journal | undefined): Envelope {
  const { rotation: _, ...secret }: StoredSecret = envelope.secrets[name] ?? { versions: [] };
  const next = rotation === undefined ? secret : { ...secret, rotation };
  return { ...envelope, secrets: { ...envelope.secrets, [name]: next } };
}

function overtaken(name: string): SecretError {
  const message = `Another process took the rotation of ${name} further while this command ran`;
  return new SecretError(message, "stale-revision", { hint: "nothing was stored; run the command again" });
}

/** The journal, if the rotation still stands where its process left it. @throws SecretError when another moved it */
function at(envelope: Envelope, name: string, { id, step, holder }: Journal): Journal {
  const journal = journalOf(envelope, name);
  if (journal?.id !== id || journal.step !== step || journal.holder !== holder) throw overtaken(name);
  return journal;
}

/** The same change of labels for a secret and those that are replaced with it. */
function relabelled(
  envelope: Envelope,
  name: string,
  journal: Journal,
  change: (envelope: Envelope, name: string) => Envelope,
): Envelope {
  return [name, ...(journal.with ?? [])].reduce(change, envelope);
}

const iso = (ms: number) => new Date(ms).toISOString();

/** What is known of a rotation before it begins. */
export type Beginning = Pick<
  Journal,
  "id" | "tag" | "graceMs" | "oldKeyId" | "inPlace" | "baseline" | "holder"
> & {
  now: number;
};

/** idle → intent. */
export function begin(envelope: Envelope, name: string, { now, ...known }: Beginning): Envelope {
  if (journalOf(envelope, name)) throw overtaken(name);
  return write(envelope, name, { ...known, step: "intent", startedAt: iso(now), attempts: 0 });
}

/** intent, from now on another process's. */
export function heldBy(envelope: Envelope, name: string, journal: Journal, holder: string): Envelope {
  return write(envelope, name, { ...at(envelope, name, journal), holder, contested: true });
}

/**
 * intent → created: the new value is stored before anything else is done with it.
 * @param partners values of other secrets that came with it, by full name
 */
export function created(
  envelope: Envelope,
  name: string,
  journal: Journal,
  value: NewValue,
  partners: Readonly<Record<string, string>> = {},
): Envelope {
  const now = at(envelope, name, journal);
  const { providerKeyId: _, ...shared } = value;
  const stored = Object.entries(partners).reduce(
    (before, [partner, own]) => setPending(before, partner, { ...shared, value: own }),
    setPending(envelope, name, value),
  );
  const names = Object.keys(partners);
  return write(stored, name, {
    ...now,
    step: "created",
    attempts: 0,
    ...(names.length > 0 ? { with: names } : {}),
  });
}

/** created → grace, in one write: current → previous, pending → current. */
export function promoted(
  envelope: Envelope,
  name: string,
  journal: Journal,
  { now, verified }: { now: number; verified: boolean },
): Envelope {
  const found = at(envelope, name, journal);
  const { graceMs } = found;
  const moved = relabelled(envelope, name, found, (e, one) => promotePending(e, one, { now, graceMs }));
  return write(moved, name, {
    ...found,
    step: "grace",
    attempts: 0,
    graceUntil: iso(now + graceMs),
    ...(verified ? { verifiedAt: iso(now) } : {}),
  });
}

/** created → revoke, in one write: the old value is dead already, and the new one is tested while it is in use. */
export function takenOver(envelope: Envelope, name: string, journal: Journal, now: number): Envelope {
  const found = at(envelope, name, journal);
  const moved = relabelled(envelope, name, found, (e, one) => promotePending(e, one, { now, graceMs: 0 }));
  return write(moved, name, { ...found, step: "revoke", attempts: 0, graceUntil: iso(now) });
}

/** intent or created → undo: the new key is to go, the old one stays. */
export function givenUp(envelope: Envelope, name: string, journal: Journal): Envelope {
  return write(envelope, name, { ...at(envelope, name, journal), step: "undo", attempts: 0 });
}

/** undo → idle. */
export function undone(envelope: Envelope, name: string, journal: Journal, now: number): Envelope {
  const found = at(envelope, name, journal);
  const dropped = relabelled(envelope, name, found, (e, one) => dropPending(e, one, now));
  return write(dropped, name, undefined);
}

/** grace → withdraw, in one write: the old value is current again. */
export function setBack(envelope: Envelope, name: string, journal: Journal, now: number): Envelope {
  const found = at(envelope, name, journal);
  const { graceMs } = found;
  const moved = relabelled(envelope, name, found, (e, one) => rollback(e, one, { now, graceMs }));
  return write(moved, name, { ...found, step: "withdraw", attempts: 0 });
}

/** grace → revoke. */
export function revoking(envelope: Envelope, name: string, journal: Journal): Envelope {
  return write(envelope, name, { ...at(envelope, name, journal), step: "revoke", attempts: 0 });
}

/** revoke or withdraw → idle: what was `previous` is dead. */
export function finished(envelope: Envelope, name: string, journal: Journal, now: number): Envelope {
  const found = at(envelope, name, journal);
  const retired = relabelled(envelope, name, found, (e, one) => retirePrevious(e, one, now));
  return write(retired, name, undefined);
}

/** The same step failed once more. */
export function failedOnce(envelope: Envelope, name: string, journal: Journal): Envelope {
  const found = journalOf(envelope, name);
  if (found?.id !== journal.id || found.step !== journal.step) return envelope;
  return write(envelope, name, { ...found, attempts: found.attempts + 1 });
}

/** Ids of keys at the provider that the envelope holds a living value of. */
export function heldKeyIds(envelope: Envelope, name: string): string[] {
  const labels = ["current", "pending", "previous"] as const;
  return labels.flatMap((label) => versionOf(envelope, name, label)?.providerKeyId ?? []);
}
