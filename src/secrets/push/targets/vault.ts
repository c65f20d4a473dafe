import { IncompleteError } from "../../../base/errors.ts";
import { neutralize } from "../../../base/text.ts";
import type { PushPlace } from "../../../config/project.ts";
import type { ServiceOptions } from "../../stores/remote/service.ts";
import { VaultClient } from "../../stores/remote/vault-client.ts";
import type { Destination } from "../target.ts";

/** How often a write starts again after somebody else wrote the entry in between. */
const ATTEMPTS = 5;

/** Keys of an entry of Vault's KV engine of version 2, written under check-and-set; the other keys stay. */
export class VaultDestination implements Destination {
  readonly #place: PushPlace & { to: "hashicorp-vault" };
  readonly #client: VaultClient;

  constructor(place: PushPlace & { to: "hashicorp-vault" }, options: ServiceOptions) {
    this.#place = place;
    this.#client = new VaultClient({ ...options, ...place }, () => this.#entry());
  }

  describe(key: string): string {
    return `${this.#entry()}: ${key}`;
  }

  async put(key: string, value: string): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const found = await this.#client.read(this.#place.path);
      if (found?.data?.[key] === value) return;
      const data = { ...found?.data, [key]: value };
      const written = await this.#client.replace(this.#place.path, data, found?.metadata.version ?? 0);
      if (written !== undefined) return;
    }
    throw new IncompleteError(`${this.describe(key)}: others keep writing the entry`, {
      code: "push/failed",
      hint: "run the command again",
    });
  }

  #entry(): string {
    const { mount, path } = this.#place;
    return `Vault entry ${mount}/${path} at ${neutralize(this.#client.address ?? "VAULT_ADDR")}`;
  }
}
