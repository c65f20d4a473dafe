import type { Clock } from "../../base/context.ts";
import type { Envelope } from "../envelope.ts";
import type { RotationDriver, Verifier } from "./driver.ts";

/** What the engine says while it works; never a value. */
export type RotationEvent =
  | { event: "orphan-revoked"; keyId: string }
  /** A key of ours lives at the provider that integ could not revoke: its id, or the name it was made under. */
  | { event: "left-behind"; key: string }
  /** A key may have been made under this name, and nobody can ask the provider whether it was. */
  | { event: "perhaps-left-behind"; key: string }
  /** `undone`: the new value was given up before it came into use. */
  | { event: "created" | "tested" | "promoted" | "set-back" | "undone" }
  | { event: "revoked"; observedDead: boolean }
  /** The provider put the new value in the old one's place. */
  | { event: "replaced" };

/** Everything a rotation of one secret touches. */
export interface RotationWorld {
  /** Full name, `stripe/api_key`. */
  name: string;
  /** The envelope as it is stored now. */
  read(): Promise<Envelope>;
  /** One write; `change` may run several times. */
  update(change: (envelope: Envelope) => Envelope): Promise<unknown>;
  driver: RotationDriver;
  /** Absent: the new value is promoted untested, which the caller must have been told to accept. */
  verifier: Verifier | undefined;
  /** Somebody answers for what no request shows: that a new value works, or that an old key which nobody can name is revoked. */
  unverified?: boolean;
  /**
   * Brings the value in use to every target that does not have it. Where one fails it throws, and the other key is not
   * revoked: somebody may still read it there.
   */
  push?(): Promise<void>;
  clock: Clock;
  newId(): string;
  report(event: RotationEvent): void;
}
