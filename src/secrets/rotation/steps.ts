import { IncompleteError, SecretError } from "../../base/errors.ts";
import { listOf } from "../../base/text.ts";
import { type Envelope, type SecretVersion, versionOf } from "../envelope.ts";
import { refused } from "../states.ts";
import type { NewKey, ProviderKey, Verifier } from "./driver.ts";
import {
  begin,
  created,
  finished,
  givenUp,
  heldBy,
  heldKeyIds,
  type Journal,
  promoted,
  undone,
} from "./journal.ts";
import { askUntil } from "./patience.ts";
import { refuseSpent, storeReplacement } from "./replace.ts";
import type { RotationWorld } from "./world.ts";

export function requireValue(version: SecretVersion | undefined, name: string): string {
  if (version?.value !== undefined) return version.value;
  throw refused(
    `${name} has lost a value that its rotation needs`,
    "integ secrets rotate --abort ends the rotation",
  );
}

/**
 * Removes keys of this rotation that were made but never stored: the provider answered too late, or we died.
 * @returns false where the provider cannot be asked for its keys
 */
async function removeOrphans(world: RotationWorld, envelope: Envelope, journal: Journal): Promise<boolean> {
  const { driver, name } = world;
  const proof = versionOf(envelope, name, "current")?.value;
  if (!driver.list || driver.inPlace || proof === undefined) return false;
  const keys = await driver.list(proof);
  if (!keys) return false;
  const held = [...heldKeyIds(envelope, name), journal.oldKeyId];
  const { tag, baseline } = journal;
  // Where keys have no names, one that came after the journal was begun and that nobody ever used is ours.
  const isOurs = (key: ProviderKey) =>
    driver.unnamed
      ? baseline !== undefined && !baseline.includes(key.id) && key.used === false
      : key.name === tag;
  const orphans = keys.filter((key) => isOurs(key) && !held.includes(key.id));
  for (const { id } of orphans) {
    await driver.revoke({ id }, proof);
    world.report({ event: "orphan-revoked", keyId: id });
  }
  return true;
}

/** Names the key that an attempt before may have made, where nobody but a person can look for it. */
function tellOfUnseen({ driver, report }: RotationWorld, { tag }: Journal): void {
  if (!driver.inPlace && !driver.guided) report({ event: "perhaps-left-behind", key: tag });
}

/** Fewer shown characters would name a key by chance. */
const SHORTEST_ENDING = 4;

/** The provider's id of the key in use: as it says itself, or as the only one whose shown ending fits. */
async function keyIdOf({ driver }: RotationWorld, { value, providerKeyId }: SecretVersion) {
  if (providerKeyId !== undefined || value === undefined) return providerKeyId;
  if (driver.identify) return driver.identify(value);
  const fitting = (await driver.list?.(value))?.filter(
    ({ ending = "" }) => ending.length >= SHORTEST_ENDING && value.endsWith(ending),
  );
  return fitting?.length === 1 ? fitting[0]?.id : undefined;
}

export async function start(world: RotationWorld, graceMs: number, holder: string): Promise<void> {
  const { name, clock, driver } = world;
  const current = versionOf(await world.read(), name, "current");
  const oldKeyId = current && !driver.inPlace ? await keyIdOf(world, current) : undefined;
  const keys =
    driver.unnamed && current?.value !== undefined ? await driver.list?.(current.value) : undefined;
  const id = world.newId();
  const beginning = {
    id,
    tag: `integ-${id.slice(0, 18)}`,
    now: clock.now(),
    graceMs,
    holder,
    ...(oldKeyId === undefined ? {} : { oldKeyId }),
    ...(driver.inPlace ? { inPlace: true } : {}),
    ...(keys ? { baseline: keys.map((key) => key.id) } : {}),
  };
  await world.update((e) => begin(e, name, beginning));
}

/** Stores the new key before anything else; if even that fails the key is taken back rather than left unseen. */
async function keep(
  world: RotationWorld,
  journal: Journal,
  key: NewKey,
  proof: string | undefined,
): Promise<void> {
  const { name, driver, clock } = world;
  const providerKeyId = key.id === undefined ? {} : { providerKeyId: key.id };
  const next = { id: world.newId(), value: key.value, now: clock.now(), source: "rotate", ...providerKeyId };
  const store = () => world.update((e) => created(e, name, journal, next, key.with));
  // What was replaced in place cannot be taken back: the new value is all there is.
  if (driver.inPlace) return storeReplacement(world, store);
  try {
    await store();
  } catch (error) {
    const gone = proof !== undefined && (await driver.revoke(key, proof).catch(() => false));
    // What cannot be revoked now is found by its name when the rotation is resumed, where keys can be listed; another
    // process that took it over may have looked already.
    const moved = error instanceof SecretError && error.state === "stale-revision";
    if (!gone && (moved || !driver.list)) world.report({ event: "left-behind", key: key.id ?? journal.tag });
    throw error;
  }
}

/**
 * Makes the rotation this process's, before keys are taken for left behind: one that another is about to store, or has tested,
 * would be revoked, and that other would put a dead key into use.
 */
async function hold(world: RotationWorld, journal: Journal, holder: string): Promise<Journal> {
  const { driver, name } = world;
  if (driver.inPlace || !driver.list || journal.holder === holder) return journal;
  await world.update((e) => heldBy(e, name, journal, holder));
  return { ...journal, holder, contested: true };
}

export async function create(world: RotationWorld, begun: Journal, holder: string): Promise<void> {
  const { name, driver } = world;
  const journal = await hold(world, begun, holder);
  const envelope = await world.read();
  const looked = await removeOrphans(world, envelope, journal);
  if (!looked && begun.holder !== holder) tellOfUnseen(world, journal);
  const proof = versionOf(envelope, name, "current")?.value;
  await refuseSpent(world);
  const key = await driver.create(journal.tag, proof);
  if (key.value === proof) {
    await world.update((e) =>
      undone(givenUp(e, name, journal), name, { ...journal, step: "undo" }, world.clock.now()),
    );
    throw refused(
      `The new value of ${name} is the old one`,
      "make a new key at the provider, and rotate again",
    );
  }
  await keep(world, journal, key, proof);
  world.report({ event: "created" });
}

/** Why the pending value must not be promoted; undefined when it may. @throws IncompleteError when nobody can tell */
async function objection(
  world: RotationWorld,
  verifier: Verifier,
  pending: string,
  current: string | undefined,
) {
  const verdict = await askUntil("works", pending, verifier, world.clock);
  if (verdict.state === "rejected") return `the provider rejects it (${verdict.reason})`;
  if (verdict.state === "unknown" && verdict.unfit) return `no request can carry it (${verdict.reason})`;
  if (verdict.state === "unknown") {
    throw new IncompleteError(`The new value of ${world.name} could not be tested: ${verdict.reason}`, {
      code: "rotation/untested",
      hint: "the old value is in use, the new one is kept: `integ secrets rotate --resume` tests it again",
    });
  }
  if (current === undefined) return undefined;
  const before = await verifier.verify(current);
  if (before.state === "unknown" && !before.unfit && verdict.identity !== undefined) {
    throw new IncompleteError(
      `Whether the new value of ${world.name} belongs to the account of the old one could not be seen: ${before.reason}`,
      {
        code: "rotation/untested",
        hint: "the old value is in use, the new one is kept: `integ secrets rotate --resume` compares them again, with --unverified it does not",
      },
    );
  }
  const identities = before.state === "works" ? [before.identity, verdict.identity] : [];
  if (identities[0] !== identities[1]) return "it belongs to another account than the old one";
  const lost = before.state === "works" ? await verifier.lost(current, pending) : [];
  return lost.length > 0 ? `it may not use ${listOf(lost, "and")}, which the old one may` : undefined;
}

export async function test(world: RotationWorld, journal: Journal): Promise<void> {
  const { name, verifier, clock } = world;
  const envelope = await world.read();
  const pending = requireValue(versionOf(envelope, name, "pending"), name);
  const current = versionOf(envelope, name, "current")?.value;
  const why = verifier && (await objection(world, verifier, pending, current));
  if (why !== undefined) {
    await world.update((e) => givenUp(e, name, journal));
    await undo(world, { ...journal, step: "undo" });
    throw refused(
      `The new value of ${name} was not put into use: ${why}. The old value is untouched`,
      "mend the new key's permissions at the provider, then rotate again",
    );
  }
  if (verifier) world.report({ event: "tested" });
  const verified = verifier !== undefined;
  await world.update((e) => promoted(e, name, journal, { now: clock.now(), verified }));
  world.report({ event: "promoted" });
}

/** Takes the new key back. What cannot be taken back is reported, so that no key lives on unseen. */
export async function undo(world: RotationWorld, journal: Journal): Promise<void> {
  const { name, driver, clock } = world;
  const envelope = await world.read();
  const proof = versionOf(envelope, name, "current")?.value;
  const pending = versionOf(envelope, name, "pending");
  const doomed = pending && !driver.inPlace ? { id: pending.providerKeyId, value: pending.value } : undefined;
  const gone = !doomed || (proof !== undefined && (await driver.revoke(doomed, proof)));
  const looked = await removeOrphans(world, envelope, journal);
  await world.update((e) => undone(e, name, journal, clock.now()));
  if (pending) world.report({ event: "undone" });
  else if (!looked) tellOfUnseen(world, journal);
  if (!gone) world.report({ event: "left-behind", key: doomed.id ?? journal.tag });
}

/** Revokes what is `previous`, with what is `current`, and watches it die. */
async function revokePrevious(world: RotationWorld, journal: Journal): Promise<void> {
  const { name, driver, verifier, clock } = world;
  const envelope = await world.read();
  const previous = versionOf(envelope, name, "previous");
  const proof = requireValue(versionOf(envelope, name, "current"), name);
  if (previous) {
    const id = previous.providerKeyId ?? (journal.step === "revoke" ? journal.oldKeyId : undefined);
    const known = await driver.revoke({ id, value: previous.value }, proof);
    // Who was told of it once and says --unverified revoked it by hand.
    if (!known && !(world.unverified && journal.attempts > 0)) throw unknownKey(world, previous);
    const verdict =
      verifier &&
      previous.value !== undefined &&
      (await askUntil("rejected", previous.value, verifier, clock));
    if (verdict && verdict.state === "works") throw stillAlive(name);
    world.report({ event: "revoked", observedDead: verdict ? verdict.state === "rejected" : false });
  }
  await sweep(world, journal);
  await world.update((e) => finished(e, name, journal, clock.now()));
}

function unknownKey({ name, verifier }: RotationWorld, { fingerprint }: SecretVersion): IncompleteError {
  const then = verifier
    ? "`integ secrets rotate --resume` then sees that it is dead"
    : `no request can show that it is dead, so \`integ secrets rotate ${name} --resume --unverified\` then ends the rotation`;
  return new IncompleteError(
    `The old key of ${name} (${fingerprint}) was not revoked: nothing says which of the provider's keys it is`,
    {
      code: "rotation/unknown-key",
      hint: `revoke it on the provider's page; ${then}`,
    },
  );
}

function stillAlive(name: string): IncompleteError {
  return new IncompleteError(`The old value of ${name} still works although it was revoked`, {
    code: "rotation/still-alive",
    hint: "providers may take minutes: `integ secrets rotate --resume` looks again",
  });
}

/** An old key that nobody could name may have been revoked by a person in the meantime. */
async function diedByItself(world: RotationWorld): Promise<boolean> {
  const previous = versionOf(await world.read(), world.name, "previous")?.value;
  if (previous === undefined || !world.verifier) return false;
  return (await world.verifier.verify(previous)).state === "rejected";
}

/** A process that lost the rotation to another may have made a key since, and not have been able to take it back. */
async function sweep(world: RotationWorld, journal: Journal): Promise<void> {
  // Without names a key of somebody else that nobody used yet would pass for one of ours.
  if (!journal.contested || world.driver.unnamed) return;
  await removeOrphans(world, await world.read(), journal);
}

export async function revoke(world: RotationWorld, journal: Journal): Promise<void> {
  if (journal.attempts > 0 && (await diedByItself(world))) {
    await sweep(world, journal);
    await world.update((e) => finished(e, world.name, journal, world.clock.now()));
    world.report({ event: "revoked", observedDead: true });
    return;
  }
  await revokePrevious(world, journal);
}
