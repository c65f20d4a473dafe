import { corrupt } from "../../states.ts";
import type { SecretStore } from "../../store.ts";
import { type Head, type Owner, type RemoteTexts, remoteStore } from "./remote-store.ts";
import { type AwsConnection, SecretsManagerClient } from "./secrets-manager-client.ts";

export interface AwsSecretsManagerOptions extends AwsConnection {
  owner: Owner;
  /** Name of the secret, `integ/shop/prod`. */
  name: string;
}

/** A secret's value has at most 65,536 bytes (docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html). */
const LIMIT = 65_000;
const KEPT = "Kept by integ; do not edit by hand";
/** A version of the head, and the revision that the envelope in it says. */
interface Version extends Head {
  id: string;
}

/**
 * AWS Secrets Manager as texts. A new value comes in under AWSPENDING; then AWSCURRENT moves from the version that was read to
 * the new one, which AWS refuses where the label is elsewhere by now: that is the condition. AWSPREVIOUS follows by itself.
 */
class SecretsManagerTexts implements RemoteTexts {
  readonly kind = "aws-secrets-manager";
  readonly limit = LIMIT;
  readonly #options: AwsSecretsManagerOptions;
  readonly #client: SecretsManagerClient;

  constructor(options: AwsSecretsManagerOptions) {
    this.#options = options;
    this.#client = new SecretsManagerClient(options, () => this.describe());
  }

  describe(): string {
    return `AWS secret ${this.#options.name}`;
  }

  async readHead(): Promise<Head | undefined> {
    const version = await this.#current();
    return version && { text: version.text, revision: version.revision };
  }

  async replaceHead(text: string, expected: number): Promise<number | undefined> {
    const before = await this.#current();
    if ((before?.revision ?? 0) !== expected) return undefined;
    const stamped = stamp(text, expected + 1);
    if (!before)
      return (await this.#client.create(this.#options.name, stamped, KEPT)) ? expected + 1 : undefined;
    const replaced = await this.#client.replace(this.#options.name, stamped, before.id);
    return replaced ? expected + 1 : undefined;
  }

  removeHead(): Promise<void> {
    return this.#client.delete(this.#options.name);
  }

  async readPart(name: string): Promise<string | undefined> {
    return (await this.#client.current(this.#partName(name)))?.text;
  }

  async writePart(name: string, text: string): Promise<void> {
    await this.#client.create(this.#partName(name), text, KEPT);
  }

  removePart(name: string): Promise<void> {
    return this.#client.delete(this.#partName(name));
  }

  #partName(name: string): string {
    return `${this.#options.name}.parts/${name}`;
  }

  async #current(): Promise<Version | undefined> {
    const version = await this.#client.current(this.#options.name);
    if (!version) return undefined;
    const found = version.text === undefined ? undefined : unstamp(version.text);
    if (found) return { ...found, id: version.id };
    throw corrupt(
      this.describe(),
      "it holds something that integ did not write",
      "choose another name in secrets.awsSecretsManager.name",
    );
  }
}

/** The revision stands in front of what is kept: AWS counts no versions. */
const stamp = (text: string, revision: number) => `integ/1 ${revision} ${text}`;

function unstamp(stamped: string): Head | undefined {
  const [, revision, text] = /^integ\/1 ([1-9]\d*) (.*)$/s.exec(stamped) ?? [];
  return revision === undefined || text === undefined ? undefined : { text, revision: Number(revision) };
}

/**
 * A secret of AWS Secrets Manager as a store, one for each project and environment
 * (docs.aws.amazon.com/secretsmanager/latest/apireference).
 */
export function awsSecretsManagerStore(options: AwsSecretsManagerOptions): SecretStore {
  return remoteStore(new SecretsManagerTexts(options), options.owner);
}
