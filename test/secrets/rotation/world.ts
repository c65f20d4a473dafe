import { randomUUID } from "node:crypto";
import { IncompleteError } from "../../../src/base/errors.ts";
import { currentValue, type Envelope } from "../../../src/secrets/envelope.ts";
import { setCurrent } from "../../../src/secrets/labels.ts";
import type { RotationWorld } from "../../../src/secrets/rotation/world.ts";
import { empty } from "../conformance.ts";

export const NAME = "stripe/api_key";

/** A provider that makes, honours, lists and revokes keys, as strictly as real ones. */
export class Provider {
  readonly keys = new Map<string, { name: string; value: string; account: string }>();
  limit = 100;
  /** Account and permissions of keys that are made from now on. */
  account = "acct";
  deny: string[] = [];
  private made = 0;

  add(name: string): { id: string; value: string } {
    if (this.keys.size >= this.limit) throw new IncompleteError("too many keys", { code: "provider" });
    this.made += 1;
    const [id, value] = [`key_${this.made}`, `value-${this.made}-${randomUUID()}`];
    this.keys.set(id, { name, value, account: this.account });
    return { id, value };
  }

  honours(value: string | undefined): boolean {
    return [...this.keys.values()].some((key) => key.value === value);
  }

  demand(value: string | undefined): void {
    if (!this.honours(value)) throw new IncompleteError("401", { code: "provider" });
  }
}

export class Killed extends Error {}

/** Counts what reaches the outside; at operation `dieAt` the process dies, before or after it took effect. */
export class Mortality {
  private operations = 0;
  private readonly dieAt: number;
  private readonly after: boolean;

  constructor(dieAt = Number.POSITIVE_INFINITY, after = false) {
    this.dieAt = dieAt;
    this.after = after;
  }

  async do<T>(effect: () => T): Promise<T> {
    this.operations += 1;
    if (this.operations > this.dieAt || (this.operations === this.dieAt && !this.after)) throw new Killed();
    const result = effect();
    if (this.operations === this.dieAt) throw new Killed();
    return result;
  }
}

/** What survives a process: the store and the provider. */
export class Outside {
  envelope: Envelope;
  readonly provider = new Provider();
  readonly foreign: string;
  now = 1_700_000_000_000;
  /** Said whenever the store or the provider changed. */
  watch: () => void = () => {};

  constructor() {
    this.foreign = this.provider.add("somebody else's").id;
    const first = this.provider.add("made by hand");
    const start = {
      id: "0",
      value: first.value,
      now: this.now,
      source: "set",
      graceMs: 0,
      providerKeyId: first.id,
    };
    this.envelope = setCurrent(empty(), NAME, start);
  }

  get current(): string | undefined {
    return currentValue(this.envelope, NAME);
  }

  /** A process that works on this outside, and may die. */
  world(life = new Mortality(), options: { lists?: boolean; verifies?: boolean } = {}): RotationWorld {
    const { provider } = this;
    const changed = <T>(effect: () => T) =>
      life.do(() => {
        const result = effect();
        this.watch();
        return result;
      });
    return {
      name: NAME,
      read: () => life.do(() => this.envelope),
      update: (change) =>
        changed(() => {
          this.envelope = { ...change(this.envelope), rev: this.envelope.rev + 1 };
        }),
      driver: {
        ...(options.lists === false
          ? {}
          : {
              list: (proof: string) =>
                life.do(() => {
                  provider.demand(proof);
                  return [...provider.keys].map(([id, { name }]) => ({ id, name }));
                }),
            }),
        create: (tag, proof) =>
          changed(() => {
            provider.demand(proof);
            return provider.add(tag);
          }),
        revoke: ({ id }, proof) =>
          changed(() => {
            provider.demand(proof);
            if (id === undefined) return false;
            provider.keys.delete(id);
            return true;
          }),
      },
      verifier:
        options.verifies === false
          ? undefined
          : {
              verify: (value) =>
                life.do(() => {
                  const key = [...provider.keys.values()].find((k) => k.value === value);
                  return key
                    ? { state: "works" as const, identity: key.account }
                    : { state: "rejected" as const, reason: "401" };
                }),
              lost: () => life.do(() => provider.deny),
            },
      clock: { now: () => this.now, monotonic: () => this.now, sleep: async () => {} },
      newId: randomUUID,
      report: () => {},
    };
  }
}
