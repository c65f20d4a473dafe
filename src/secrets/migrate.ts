import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { SecretError } from "../base/errors.ts";
import type { Envelope } from "./envelope.ts";
import { currentValue, emptyEnvelope } from "./envelope.ts";
import { setCurrent } from "./labels.ts";
import { corrupt, refused } from "./states.ts";
import type { SecretStore } from "./store.ts";

/** Environment variables know no history and have no key of their own: their values start anew. */
function adopted(from: Envelope, now: number): Envelope {
  const key = randomBytes(32).toString("hex");
  return Object.entries(from.secrets).reduce(
    (envelope, [name, { versions }]) => {
      const value = versions[0]?.value;
      if (value === undefined) return envelope;
      const id = randomBytes(8).toString("hex");
      return setCurrent(envelope, name, { id, value, now, source: "migrate", graceMs: 0 });
    },
    emptyEnvelope(from.project, from.environment, key),
  );
}

const currentValues = (envelope: Envelope) =>
  Object.fromEntries(Object.keys(envelope.secrets).map((name) => [name, currentValue(envelope, name)]));

/** Whether a target holds what a run before this one brought there. Adopted values have other ids and times in each run. */
function isThere(target: Envelope, source: Envelope, from: SecretStore): boolean {
  return from.kind === "env"
    ? isDeepStrictEqual(currentValues(target), currentValues(source))
    : isDeepStrictEqual(target.secrets, source.secrets);
}

/**
 * Copies everything of one store into another and reads it back. The source stays as it is. Doing it again after an
 * interruption is harmless; a target that holds anything else is refused.
 * @returns how many secrets the target holds; 0 where the source is empty
 */
export async function copyStore(from: SecretStore, to: SecretStore, now: number): Promise<number> {
  const source = await from.read();
  if (!source) return 0;
  const target = await to.read();
  const envelope = from.kind === "env" ? adopted(source.envelope, now) : source.envelope;
  const count = Object.keys(envelope.secrets).length;
  if (target) {
    if (isThere(target.envelope, source.envelope, from)) return count;
    throw refused(
      `The ${to.describe()} already holds other secrets`,
      "integ does not mix two stores: remove them there, or use `integ secrets export` and `import`",
    );
  }
  await to.write(envelope, 0);
  const written = await to.read();
  if (!isDeepStrictEqual(written?.envelope.secrets, envelope.secrets)) {
    throw corrupt(to.describe(), "it does not give back what was written", "the source is untouched");
  }
  return count;
}

/**
 * Forgets a store that was copied, unless it holds what the copy does not: somebody may have written to it since.
 * @throws SecretError `stale-revision`
 */
export async function deleteCopied(from: SecretStore, to: SecretStore): Promise<void> {
  const [source, target] = [await from.read(), await to.read()];
  if (source && !(target && isThere(target.envelope, source.envelope, from))) {
    throw new SecretError(
      `The ${from.describe()} was written to while it was copied, so it is not deleted`,
      "stale-revision",
      {
        hint: `the ${to.describe()} is in use; set there what is newer in the old store, then delete that by hand`,
      },
    );
  }
  await from.destroy();
}
