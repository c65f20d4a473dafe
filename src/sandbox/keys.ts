import { createHash } from "node:crypto";
import type { JsonObject } from "./json.ts";

/** How a provider's key management behaves. */
export interface KeyPolicy {
  /** Keys that may be alive at once. */
  maximum: number;
  /** Milliseconds until a new key works, and until a revoked one stops working: providers lag. */
  activationMs: number;
  revocationMs: number;
}

interface Key {
  id: string;
  name: string;
  /** SHA-256 of the value: like a real provider, the sandbox shows a key once and keeps only this. */
  digest: string;
  hint: string;
  created: number;
  lastUsed?: number;
  revoked?: number;
}

const digestOf = (value: string) => createHash("sha256").update(value).digest("hex");

/** The API keys of one sandbox: made at run time, listed without their values, revoked one by one. */
export class KeyRing {
  readonly policy: KeyPolicy;
  readonly #token: (prefix: string, length: number) => string;
  readonly #keys = new Map<string, Key>();

  /** @param token makes an unguessable identifier with a prefix */
  constructor(policy: KeyPolicy, token: (prefix: string, length: number) => string) {
    this.policy = policy;
    this.#token = token;
  }

  /** A key that works at once, for who starts the sandbox. */
  issueFirst(now: number, value = this.#token("sk_test", 24)): string {
    this.#add("first key", value, now - this.policy.activationMs);
    return value;
  }

  /** A new key with its value, or `undefined` when there are as many as may be. */
  create(name: string, now: number): (JsonObject & { id: string; secret: string }) | undefined {
    if (this.#alive(now).length >= this.policy.maximum) return undefined;
    const secret = this.#token("sk_test", 24);
    const key = this.#add(name, secret, now);
    return { ...this.#show(key), id: key.id, secret };
  }

  list(): JsonObject[] {
    return [...this.#keys.values()].reverse().map((key) => this.#show(key));
  }

  find(id: string): JsonObject | undefined {
    const key = this.#keys.get(id);
    return key && this.#show(key);
  }

  /** Revoking twice is the same as once. */
  revoke(id: string, now: number): JsonObject | undefined {
    const key = this.#keys.get(id);
    if (!key) return undefined;
    key.revoked ??= now;
    return this.#show(key);
  }

  /** The id of the key that a request proves to hold; `undefined` for an unknown, not yet working or revoked one. */
  authenticate(value: string, now: number): string | undefined {
    const digest = digestOf(value);
    const key = this.#alive(now).find((candidate) => candidate.digest === digest);
    if (!key || key.created + this.policy.activationMs > now) return undefined;
    key.lastUsed = now;
    return key.id;
  }

  #alive(now: number): Key[] {
    return [...this.#keys.values()].filter(
      ({ revoked }) => revoked === undefined || revoked + this.policy.revocationMs > now,
    );
  }

  #add(name: string, value: string, created: number): Key {
    const key = {
      id: this.#token("key", 14),
      name,
      digest: digestOf(value),
      hint: value.slice(-4),
      created,
    };
    this.#keys.set(key.id, key);
    return key;
  }

  #show({ id, name, hint, created, lastUsed, revoked }: Key): JsonObject {
    return {
      id,
      object: "api_key",
      name,
      last4: hint,
      created: Math.floor(created / 1000),
      last_used: lastUsed === undefined ? null : Math.floor(lastUsed / 1000),
      status: revoked === undefined ? "active" : "revoked",
    };
  }
}
