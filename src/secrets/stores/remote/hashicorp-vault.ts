import { neutralize } from "../../../base/text.ts";
import { corrupt } from "../../states.ts";
import type { SecretStore } from "../../store.ts";
import { type Head, type Owner, type RemoteTexts, remoteStore } from "./remote-store.ts";
import { VaultClient, type VaultConnection } from "./vault-client.ts";

export interface HashicorpVaultOptions extends VaultConnection {
  owner: Owner;
  /** Below the mount, without slashes at its ends. */
  path: string;
}

/**
 * Vault takes at most 1 MiB for an entry with integrated storage, 512 KiB with Consul, JSON and encryption included
 * (developer.hashicorp.com/vault/docs/internals/limits).
 */
const LIMIT = 256 * 1024;

/** A Vault's KV engine of version 2 as texts; the version that it counts is the revision, check-and-set its condition. */
class VaultTexts implements RemoteTexts {
  readonly kind = "hashicorp-vault";
  readonly limit = LIMIT;
  readonly #options: HashicorpVaultOptions;
  readonly #client: VaultClient;

  constructor(options: HashicorpVaultOptions) {
    this.#options = options;
    this.#client = new VaultClient(options, () => this.describe());
  }

  describe(): string {
    const { mount, path } = this.#options;
    return `Vault entry ${mount}/${path} at ${neutralize(this.#client.address ?? "VAULT_ADDR")}`;
  }

  async readHead(): Promise<Head | undefined> {
    const { path } = this.#options;
    const found = await this.#client.read(path);
    if (found === undefined) return undefined;
    const { data, metadata } = found;
    const text = data?.integ;
    if (typeof text === "string") return { text, revision: metadata.version };
    if (data !== null) {
      throw corrupt(
        this.describe(),
        "something else is kept there",
        "choose another path in secrets.hashicorpVault",
      );
    }
    const how = metadata.destroyed ? "destroyed" : "deleted";
    throw corrupt(
      this.describe(),
      `its version ${metadata.version} was ${how} there`,
      metadata.destroyed
        ? "bring an older version back with `vault kv rollback`, or remove it with `vault kv metadata delete` to begin anew"
        : `vault kv undelete -mount=${this.#options.mount} -versions=${metadata.version} ${path}`,
    );
  }

  replaceHead(text: string, expected: number): Promise<number | undefined> {
    return this.#client.replace(this.#options.path, { integ: text }, expected);
  }

  async removeHead(): Promise<void> {
    this.#client.expect(await this.#client.call("DELETE", `metadata/${this.#options.path}`), [200, 204, 404]);
  }

  async readPart(name: string): Promise<string | undefined> {
    const text = (await this.#client.read(this.#partPath(name)))?.data?.integ;
    return typeof text === "string" ? text : undefined;
  }

  async writePart(name: string, text: string): Promise<void> {
    this.#client.expect(
      await this.#client.call("POST", `data/${this.#partPath(name)}`, { data: { integ: text } }),
      [200],
    );
  }

  async removePart(name: string): Promise<void> {
    this.#client.expect(
      await this.#client.call("DELETE", `metadata/${this.#partPath(name)}`),
      [200, 204, 404],
    );
  }

  #partPath(name: string): string {
    return `${this.#options.path}.parts/${name}`;
  }
}

/**
 * An entry of HashiCorp Vault's KV engine of version 2 as a store: one entry for each project and environment, written under
 * check-and-set (developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2).
 */
export function hashicorpVaultStore(options: HashicorpVaultOptions): SecretStore {
  return remoteStore(new VaultTexts(options), options.owner);
}
