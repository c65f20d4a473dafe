import { IncompleteError, IntegError, SecretError } from "../../base/errors.ts";
import { versionOf } from "../envelope.ts";
import { refused } from "../states.ts";
import type { Verdict } from "./driver.ts";
import { finished, type Journal, takenOver } from "./journal.ts";
import { askUntil, WAITS_MS } from "./patience.ts";
import type { RotationWorld } from "./world.ts";

// Where the provider puts the new value in the old one's place there is no grace and no way back: what counts is that the
// new value is stored before anything else, and in use as soon as it is stored.

async function verdictOn({ verifier }: RotationWorld, value: string): Promise<Verdict | undefined> {
  if (!verifier || verifier.judges?.(value) === false) return undefined;
  return verifier.verify(value);
}

/** The old value is dead, and nobody was told the new one: a provider's answer was lost. */
export async function valueIsLost(world: RotationWorld): Promise<boolean> {
  const value = versionOf(await world.read(), world.name, "current")?.value;
  return value !== undefined && (await verdictOn(world, value))?.state === "rejected";
}

const MAKE_ONE = (name: string) =>
  `make a new value on the provider's page, then \`integ secrets rotate ${name} --abort\` and \`integ secrets set ${name}\``;

/** Does not ask with a value that the provider has replaced already. @throws SecretError `refused` */
export async function refuseSpent(world: RotationWorld): Promise<void> {
  const { driver, name } = world;
  if (!driver.inPlace || driver.provedApart || !(await valueIsLost(world))) return;
  throw refused(
    `The value of ${name} in use is dead, so none can be made with it: the provider may have replaced it and the answer was lost`,
    MAKE_ONE(name),
  );
}

/** What is said once a rotation was given up although nobody knows the value that works. */
export function lostValue(name: string): SecretError {
  return refused(
    `The rotation of ${name} is ended, but its value is dead: the provider may have replaced it and the answer was lost`,
    `make a new value on the provider's page, then \`integ secrets set ${name}\``,
  );
}

/** The new value is the only one that works: a store that does not take it is asked again for half a minute. */
export async function storeReplacement(
  { name, clock }: RotationWorld,
  store: () => Promise<unknown>,
): Promise<void> {
  for (const wait of [...WAITS_MS, undefined]) {
    try {
      await store();
      return;
    } catch (error) {
      if (!(error instanceof IntegError)) throw error;
      if (wait === undefined || (error instanceof SecretError && error.state === "stale-revision")) {
        throw new IncompleteError(
          `The provider replaced the value of ${name}, and the new one could not be stored`,
          { code: "rotation/value-lost", hint: MAKE_ONE(name), cause: error },
        );
      }
      await clock.sleep(wait);
    }
  }
}

/** Puts the new value into use at once. */
export async function takeOver(world: RotationWorld, journal: Journal): Promise<void> {
  const { name, clock } = world;
  await world.update((e) => takenOver(e, name, journal, clock.now()));
  world.report({ event: "promoted" });
}

/** Tests the value that is in use already, and ends the rotation. */
export async function confirm(world: RotationWorld, journal: Journal): Promise<void> {
  const { name, verifier, clock } = world;
  const current = versionOf(await world.read(), name, "current")?.value;
  if (verifier && current !== undefined && verifier.judges?.(current) !== false) {
    const verdict = await askUntil("works", current, verifier, clock);
    if (verdict.state !== "works") {
      const said = verdict.state === "rejected" ? "the provider rejects it" : "it could not be tested";
      throw new IncompleteError(
        `The new value of ${name} is in use, for the old one is dead, but ${said}: ${verdict.reason}`,
        {
          code: "rotation/replacement-untested",
          hint: `\`integ secrets rotate ${name} --resume\` tests it again, with --unverified it ends the rotation`,
        },
      );
    }
    world.report({ event: "tested" });
  }
  await world.update((e) => finished(e, name, journal, clock.now()));
  world.report({ event: "replaced" });
}
