import * as z from "zod";
import { IncompleteError, type IntegError } from "../../../base/errors.ts";
import { neutralize } from "../../../base/text.ts";
import type { PushPlace } from "../../../config/project.ts";
import { locked, refused } from "../../states.ts";
import { type Answer, ask, type ServiceOptions } from "../../stores/remote/service.ts";
import type { Destination } from "../target.ts";

/** docs.github.com/en/actions/reference/security/secrets: 48 KB. */
const MOST_BYTES = 48 * 1024;

const keySchema = z.object({ key_id: z.string(), key: z.base64() });
const messageSchema = z.object({ message: z.string() });

const isTemporary = ({ status }: Answer) => status === 429 || status >= 500;

/** What only the holder of the private key can open; nobody learns who sealed it. */
async function seal(value: string, publicKey: string): Promise<string> {
  const { default: sodium } = await import("libsodium-wrappers");
  await sodium.ready;
  const sealed = sodium.crypto_box_seal(Buffer.from(value, "utf8"), Buffer.from(publicKey, "base64"));
  return Buffer.from(sealed).toString("base64");
}

/** Secrets of GitHub Actions, of a repository or of one of its environments (docs.github.com/en/rest/actions/secrets). */
export class GithubDestination implements Destination {
  readonly #place: PushPlace & { to: "github" };
  readonly #options: ServiceOptions;
  readonly #address: string;
  #key: Promise<z.infer<typeof keySchema>> | undefined;

  constructor(place: PushPlace & { to: "github" }, options: ServiceOptions) {
    this.#place = place;
    this.#options = options;
    const address = place.address ?? (options.env.GITHUB_API_URL || "https://api.github.com");
    this.#address = address.replace(/\/+$/, "");
  }

  describe(key: string): string {
    const { repository, repositoryEnvironment } = this.#place;
    const inner =
      repositoryEnvironment === undefined ? "" : `, environment ${neutralize(repositoryEnvironment)}`;
    const host = URL.canParse(this.#address) ? new URL(this.#address).host : neutralize(this.#address);
    return `GitHub Actions of ${repository}${inner} at ${host}: ${key}`;
  }

  async put(key: string, value: string): Promise<void> {
    if (Buffer.byteLength(value) > MOST_BYTES) {
      throw refused(
        `${this.describe(key)}: the value is longer than the 48 KB that GitHub takes`,
        "push it elsewhere",
      );
    }
    this.#key ??= this.#publicKey(key);
    const { key_id, key: publicKey } = await this.#key;
    const body = { encrypted_value: await seal(value, publicKey), key_id };
    const answer = await this.#call("PUT", key, key, body);
    if (answer.status !== 201 && answer.status !== 204) throw this.#refusal(key, answer);
  }

  async #publicKey(key: string): Promise<z.infer<typeof keySchema>> {
    const answer = await this.#call("GET", "public-key", key);
    if (answer.status !== 200) throw this.#refusal(key, answer);
    const parsed = keySchema.safeParse(answer.body);
    if (parsed.success && Buffer.from(parsed.data.key, "base64").length === 32) return parsed.data;
    throw this.#failure(key, "its answer holds no public key", "check the address of the API");
  }

  async #call(method: string, name: string, key: string, body?: unknown): Promise<Answer> {
    const { env } = this.#options;
    const token = env.GITHUB_TOKEN || env.GH_TOKEN;
    if (!token) {
      throw locked(
        this.describe(key),
        "nobody gave a token",
        "set GITHUB_TOKEN to one that may write the repository's secrets, such as `gh auth token` prints",
      );
    }
    const { repository, repositoryEnvironment: inner } = this.#place;
    const scope = inner === undefined ? "actions" : `environments/${encodeURIComponent(inner)}`;
    const answer = await ask(
      {
        method,
        url: `${this.#address}/repos/${repository}/${scope}/secrets/${name}`,
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${token}`,
          "user-agent": "integ",
          "x-github-api-version": "2022-11-28",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        credentials: { headers: ["authorization"], query: [] },
      },
      this.#options,
      isTemporary,
    );
    if (!("failure" in answer)) return answer;
    throw this.#failure(key, answer.failure.message, answer.failure.hint ?? "check the network");
  }

  #refusal(key: string, { status, body }: Answer): IntegError {
    const said = neutralize((messageSchema.safeParse(body).data?.message ?? "").slice(0, 200));
    if (status === 429 || /rate limit/i.test(said)) {
      return this.#failure(key, "the token's rate limit is spent", "run the command again later");
    }
    if (status === 401) return locked(this.describe(key), "the token is not valid", "set GITHUB_TOKEN anew");
    if (status === 403 || status === 404) {
      return locked(
        this.describe(key),
        `the token may not write there, or it does not exist (${status}${said && `: ${said}`})`,
        "the token needs write access to secrets (environments: to environments); check the names",
      );
    }
    return this.#failure(key, `it answered ${status}${said && `: ${said}`}`, "run the command again");
  }

  #failure(key: string, why: string, hint: string): IncompleteError {
    return new IncompleteError(`${this.describe(key)}: ${why}`, { code: "push/failed", hint });
  }
}
