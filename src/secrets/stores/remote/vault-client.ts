import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import type { SecretError } from "../../../base/errors.ts";
import { neutralize } from "../../../base/text.ts";
import { locked, unavailable } from "../../states.ts";
import { type Answer, ask, type ServiceOptions } from "./service.ts";

export interface VaultConnection extends ServiceOptions {
  /** `https://vault.example.com:8200`; default: VAULT_ADDR. */
  address?: string | undefined;
  /** Where the KV engine of version 2 is mounted. */
  mount: string;
  namespace?: string | undefined;
}

const entrySchema = z.object({
  data: z.object({
    data: z.record(z.string(), z.unknown()).nullable(),
    metadata: z.object({ version: z.int().positive(), deletion_time: z.string(), destroyed: z.boolean() }),
  }),
});
const writtenSchema = z.object({ data: z.object({ version: z.int().positive() }) });
const loginSchema = z.object({ auth: z.object({ client_token: z.string().min(1) }) });
const errorsSchema = z.object({ errors: z.array(z.string()) });

const errorsOf = ({ body }: Answer) => errorsSchema.safeParse(body).data?.errors ?? [];

/** Sealed, or a node that does not answer for the cluster: what an operator has to mend is not tried again. */
const isTemporary = ({ status }: Answer) =>
  status === 429 || status === 500 || status === 502 || status === 504;

/** What there is of an entry: its data, null where the last version was deleted, and that version. */
export type VaultEntry = z.infer<typeof entrySchema>["data"];

/** Talks to the KV engine of version 2 of a HashiCorp Vault (developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2). */
export class VaultClient {
  readonly #options: VaultConnection;
  readonly #where: () => string;
  #token: Promise<string> | undefined;

  /** @param where what failures speak of: `Vault entry secret/shop/prod` */
  constructor(options: VaultConnection, where: () => string) {
    this.#options = options;
    this.#where = where;
  }

  /**
   * Writes an entry under the condition that its last version is `expected`, 0 for none.
   * @returns the new version, `undefined` where the condition did not hold
   */
  async replace(
    path: string,
    data: Readonly<Record<string, unknown>>,
    expected: number,
  ): Promise<number | undefined> {
    const answer = await this.call("POST", `data/${path}`, { options: { cas: expected }, data });
    if (answer.status === 400 && errorsOf(answer).some((error) => /check-and-set/.test(error)))
      return undefined;
    this.expect(answer, [200]);
    const written = writtenSchema.safeParse(answer.body);
    if (written.success) return written.data.data.version;
    throw this.notKv2();
  }

  get address(): string | undefined {
    return (this.#options.address ?? this.#options.env.VAULT_ADDR)?.replace(/\/+$/, "");
  }

  /** `undefined` where nothing was ever written. A deleted version answers 404 with what is known of it. */
  async read(path: string): Promise<VaultEntry | undefined> {
    const answer = await this.call("GET", `data/${path}`);
    const entry = entrySchema.safeParse(answer.body);
    if (answer.status === 404) {
      if (entry.success) return entry.data.data;
      if (errorsOf(answer).some((error) => /no handler for route|unsupported path/.test(error)))
        throw this.notKv2();
      return undefined;
    }
    this.expect(answer, [200]);
    if (!entry.success) throw this.notKv2();
    return entry.data.data;
  }

  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    this.#token ??= this.#authenticate();
    const headers = { "x-vault-token": await this.#token };
    return this.#send(method, `${this.#options.mount}/${path}`, body, headers);
  }

  async #send(
    method: string,
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const address = this.address;
    if (address === undefined || !URL.canParse(address)) {
      const why = address === undefined ? "no address is known" : `'${neutralize(address)}' is no address`;
      throw unavailable(this.#where(), why, "set VAULT_ADDR, or secrets.hashicorpVault.address");
    }
    const namespace = this.#options.namespace ?? this.#options.env.VAULT_NAMESPACE;
    const answer = await ask(
      {
        method,
        url: `${address}/v1/${path.split("/").map(encodeURIComponent).join("/")}`,
        headers: {
          ...headers,
          "x-vault-request": "true",
          ...(namespace === undefined ? {} : { "x-vault-namespace": namespace }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        credentials: { headers: ["x-vault-token"], query: [] },
      },
      { ...this.#options, ca: await this.#authority() },
      isTemporary,
    );
    if (!("failure" in answer)) return answer;
    const { message, hint } = answer.failure;
    throw unavailable(this.#where(), message, hint ?? "check VAULT_ADDR, and that the server runs");
  }

  async #authority(): Promise<string | undefined> {
    const { ca, env } = this.#options;
    if (ca !== undefined || env.VAULT_CACERT === undefined) return ca;
    try {
      return await readFile(env.VAULT_CACERT, "utf8");
    } catch (error) {
      throw unavailable(this.#where(), "VAULT_CACERT cannot be read", "name a readable PEM file", error);
    }
  }

  /** VAULT_TOKEN, the file that `vault login` leaves, or the two variables of an AppRole: never the configuration. */
  async #authenticate(): Promise<string> {
    const { env } = this.#options;
    if (env.VAULT_TOKEN) return env.VAULT_TOKEN;
    if (env.VAULT_ROLE_ID && env.VAULT_SECRET_ID) return this.#login(env.VAULT_ROLE_ID, env.VAULT_SECRET_ID);
    const file = join(env.HOME || homedir(), ".vault-token");
    const token = (await readFile(file, "utf8").catch(() => "")).trim();
    if (token !== "") return token;
    const hint = "set VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID, or run `vault login`";
    throw locked(this.#where(), "nobody gave a token", hint);
  }

  async #login(role: string, secret: string): Promise<string> {
    const body = { role_id: role, secret_id: secret };
    const answer = await this.#send("POST", "auth/approle/login", body, {});
    const login = loginSchema.safeParse(answer.body);
    if (answer.status === 200 && login.success) return login.data.auth.client_token;
    if (answer.status === 503) this.expect(answer, []);
    throw locked(this.#where(), "the AppRole was refused", "check VAULT_ROLE_ID and VAULT_SECRET_ID");
  }

  expect(answer: Answer, statuses: readonly number[]): void {
    if (statuses.includes(answer.status)) return;
    throw this.#refusal(answer);
  }

  #refusal(answer: Answer): SecretError {
    const said = neutralize(errorsOf(answer).join("; ").slice(0, 200));
    const where = this.#where();
    if (answer.status === 403) {
      return locked(
        where,
        "the token may not do this, or is no longer valid",
        "check the token's policy, or log in again",
      );
    }
    if (answer.status === 503)
      return locked(where, "it is sealed, or being maintained", "ask its operators to unseal it");
    if (answer.status === 413) {
      return unavailable(where, "it takes no entry of this size", "raise its max_request_size");
    }
    return unavailable(
      where,
      `it answered ${answer.status}${said === "" ? "" : `: ${said}`}`,
      "see the server's log",
    );
  }

  notKv2(): SecretError {
    const { mount } = this.#options;
    return unavailable(
      this.#where(),
      `at '${mount}' there is no KV engine of version 2`,
      `vault secrets enable -path=${mount} -version=2 kv, or name another mount in secrets.hashicorpVault.mount`,
    );
  }
}
