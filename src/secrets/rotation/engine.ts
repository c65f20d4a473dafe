import { IncompleteError, SecretError } from "../../base/errors.ts";
import { versionOf } from "../envelope.ts";
import { refused } from "../states.ts";
import { failedOnce, givenUp, type Journal, journalOf, revoking, setBack } from "./journal.ts";
import { confirm, lostValue, takeOver, valueIsLost } from "./replace.ts";
import { create, requireValue, revoke, start, test, undo } from "./steps.ts";
import type { RotationWorld } from "./world.ts";

export type RotationState =
  /** `undone`: the old value is in use, and the new key was taken back. */
  | { state: "idle"; undone?: true }
  /** Promoted; the old key lives until `until` (epoch milliseconds). */
  | { state: "grace"; until: number };

interface Going {
  endGrace: boolean;
  /** This process: of several that rotate one secret only one makes the key. */
  holder: string;
}

async function perform(
  world: RotationWorld,
  journal: Journal,
  { endGrace, holder }: Going,
): Promise<RotationState | undefined> {
  switch (journal.step) {
    case "intent":
      await create(world, journal, holder);
      return undefined;
    case "created":
      await (journal.inPlace ? takeOver : test)(world, journal);
      return undefined;
    case "grace": {
      await world.push?.();
      const until = Date.parse(journal.graceUntil ?? journal.startedAt);
      if (!endGrace && world.clock.now() < until) return { state: "grace", until };
      await world.update((e) => revoking(e, world.name, journal));
      return undefined;
    }
    case "undo":
      await undo(world, journal);
      return { state: "idle", undone: true };
    case "withdraw":
    case "revoke":
      await world.push?.();
      await (journal.inPlace ? confirm : revoke)(world, journal);
      return journal.step === "withdraw" ? { state: "idle", undone: true } : { state: "idle" };
  }
}

async function advance(world: RotationWorld, going: Going): Promise<RotationState> {
  for (;;) {
    const journal = journalOf(await world.read(), world.name);
    if (!journal) return { state: "idle" };
    try {
      const end = await perform(world, journal, going);
      if (end) return end;
    } catch (error) {
      const stuck =
        error instanceof IncompleteError && (journal.step === "revoke" || journal.step === "withdraw");
      if (stuck) await world.update((e) => failedOnce(e, world.name, journal));
      throw error;
    }
  }
}

/** Begins a rotation, unless one is under way, and takes it as far as it goes: usually into its grace. */
export async function rotate(world: RotationWorld, { graceMs }: { graceMs: number }): Promise<RotationState> {
  const holder = world.newId();
  if (!journalOf(await world.read(), world.name)) await start(world, graceMs, holder);
  return advance(world, { endGrace: graceMs === 0, holder });
}

/** Takes a rotation that is under way further; does nothing where there is none. */
export function resume(world: RotationWorld, { endGrace }: { endGrace: boolean }): Promise<RotationState> {
  return advance(world, { endGrace, holder: world.newId() });
}

/**
 * Ends a rotation so that the old value is in use and the new key is gone.
 * @throws SecretError `refused` once the old key is being revoked, or is dead
 */
export async function abort(world: RotationWorld): Promise<RotationState> {
  const { name, clock, verifier } = world;
  const envelope = await world.read();
  const journal = journalOf(envelope, name);
  if (!journal) return { state: "idle" };
  if (journal.inPlace && (journal.step === "created" || journal.step === "revoke")) {
    throw refused(
      `The provider has replaced the value of ${name}: there is no way back`,
      `integ secrets rotate ${name} --resume`,
    );
  }
  if (journal.step === "revoke") {
    throw refused(
      `The old key of ${name} is being revoked: there is no way back`,
      "integ secrets rotate --resume",
    );
  }
  if (journal.step === "intent" || journal.step === "created")
    await world.update((e) => givenUp(e, name, journal));
  if (journal.step === "grace") {
    const old = requireValue(versionOf(envelope, name, "previous"), name);
    const verdict = await verifier?.verify(old);
    if (verdict && verdict.state !== "works") {
      throw new SecretError(`The old value of ${name} cannot come back: ${verdict.reason}`, "refused", {
        hint: "the new value stays in use: `integ secrets rotate --resume` ends the rotation",
      });
    }
    await world.update((e) => setBack(e, name, journal, clock.now()));
    world.report({ event: "set-back" });
  }
  const end = await advance(world, { endGrace: false, holder: world.newId() });
  if (journal.inPlace && (await valueIsLost(world))) throw lostValue(name);
  return end;
}
