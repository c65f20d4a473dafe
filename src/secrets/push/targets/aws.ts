import * as z from "zod";
import { IncompleteError } from "../../../base/errors.ts";
import type { PushPlace } from "../../../config/project.ts";
import { refused } from "../../states.ts";
import { SecretsManagerClient } from "../../stores/remote/secrets-manager-client.ts";
import type { ServiceOptions } from "../../stores/remote/service.ts";
import type { Destination } from "../target.ts";

/** How often a write starts again after somebody else wrote in between. */
const ATTEMPTS = 5;

const objectSchema = z.record(z.string(), z.unknown());

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    return objectSchema.safeParse(JSON.parse(text ?? "")).data;
  } catch {
    return undefined;
  }
}

/** A secret of AWS Secrets Manager: keys of the JSON object in it, whose other keys stay, or its whole text. */
export class AwsDestination implements Destination {
  readonly #place: PushPlace & { to: "aws-secrets-manager" };
  readonly #client: SecretsManagerClient;

  constructor(place: PushPlace & { to: "aws-secrets-manager" }, options: ServiceOptions) {
    this.#place = place;
    this.#client = new SecretsManagerClient({ ...options, ...place }, () => this.#secret());
  }

  describe(key: string): string {
    return this.#place.whole ? this.#secret() : `${this.#secret()}: ${key}`;
  }

  async put(key: string, value: string): Promise<void> {
    const { name } = this.#place;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const before = await this.#client.current(name);
      const text = this.#textWith(key, value, before);
      if (before && before.text === text) return;
      const done = before
        ? await this.#client.replace(name, text, before.id)
        : await this.#client.create(name, text, "Pushed by integ");
      if (done) return;
    }
    throw new IncompleteError(`${this.describe(key)}: others keep writing the secret`, {
      code: "push/failed",
      hint: "run the command again",
    });
  }

  #textWith(key: string, value: string, before: { text: string | undefined } | undefined): string {
    if (this.#place.whole) return value;
    if (!before) return JSON.stringify({ [key]: value });
    const object = parseObject(before.text);
    if (!object) {
      throw refused(
        `${this.describe(key)}: what is kept there is no JSON object, and it is left as it is`,
        "name another secret, or write `whole: true` to replace its whole text",
      );
    }
    return object[key] === value && before.text !== undefined
      ? before.text
      : JSON.stringify({ ...object, [key]: value });
  }

  #secret(): string {
    const { name, region, endpoint } = this.#place;
    const where = endpoint ?? region;
    return `AWS secret ${name}${where === undefined ? "" : ` at ${where}`}`;
  }
}
