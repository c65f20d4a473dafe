import { createHash, randomUUID } from "node:crypto";
import * as z from "zod";
import type { SecretError } from "../../../base/errors.ts";
import { neutralize } from "../../../base/text.ts";
import { sigV4Signer } from "../../../http/signing/sigv4.ts";
import { corrupt, locked, unavailable } from "../../states.ts";
import type { SecretStore } from "../../store.ts";
import type { AwsIdentity } from "./aws-credentials.ts";
import { type Head, type Owner, type RemoteTexts, remoteStore } from "./remote-store.ts";
import { type Answer, ask, type ServiceOptions } from "./service.ts";

export interface AwsSecretsManagerOptions extends ServiceOptions {
  owner: Owner;
  /** Name of the secret, `integ/shop/prod`. */
  name: string;
  /** Default: AWS_REGION, or the profile's. */
  region?: string | undefined;
  /** Another address than AWS's own: an emulator, a VPC endpoint. Default: AWS_ENDPOINT_URL_SECRETS_MANAGER, AWS_ENDPOINT_URL. */
  endpoint?: string | undefined;
}

/** A secret's value has at most 65,536 bytes (docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html). */
const LIMIT = 65_000;
const CURRENT = "AWSCURRENT";
const PENDING = "AWSPENDING";

const valueSchema = z.object({ SecretString: z.string().optional(), VersionId: z.string() });
const errorSchema = z.object({
  __type: z.string(),
  Message: z.string().optional(),
  message: z.string().optional(),
});

interface AwsError {
  name: string;
  message: string;
}

function errorOf({ status, body }: Answer): AwsError | undefined {
  if (status < 400) return undefined;
  const error = errorSchema.safeParse(body).data;
  const name = error?.__type.split("#").at(-1)?.split(":")[0] ?? `status ${status}`;
  return { name, message: neutralize((error?.Message ?? error?.message ?? "").slice(0, 200)) };
}

const TEMPORARY = new Set([
  "ThrottlingException",
  "TooManyRequestsException",
  "RequestLimitExceeded",
  "InternalServiceError",
  "InternalServiceErrorException",
  "ServiceUnavailable",
]);
const isTemporary = (answer: Answer) => answer.status >= 500 || TEMPORARY.has(errorOf(answer)?.name ?? "");

const REFUSED = new Set([
  "AccessDeniedException",
  "UnrecognizedClientException",
  "InvalidSignatureException",
  "InvalidClientTokenId",
  "ExpiredTokenException",
  "MissingAuthenticationTokenException",
  "IncompleteSignature",
  "DecryptionFailure",
  "EncryptionFailure",
]);

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
  #identity: Promise<AwsIdentity> | undefined;

  constructor(options: AwsSecretsManagerOptions) {
    this.#options = options;
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
    if (!before) return (await this.#create(this.#options.name, stamped)) ? expected + 1 : undefined;
    const id = randomUUID();
    const { name } = this.#options;
    await this.#must("PutSecretValue", {
      SecretId: name,
      ClientRequestToken: id,
      SecretString: stamped,
      VersionStages: [PENDING],
    });
    const moved = await this.#call("UpdateSecretVersionStage", {
      SecretId: name,
      VersionStage: CURRENT,
      RemoveFromVersionId: before.id,
      MoveToVersionId: id,
    });
    // Somebody else has moved the label meanwhile; what we brought in has no label that anybody reads.
    if (errorOf(moved)?.name === "InvalidParameterException") return undefined;
    this.#expect(moved);
    return expected + 1;
  }

  removeHead(): Promise<void> {
    return this.#delete(this.#options.name);
  }

  async readPart(name: string): Promise<string | undefined> {
    const answer = await this.#call("GetSecretValue", { SecretId: this.#partName(name) });
    if (errorOf(answer)?.name === "ResourceNotFoundException") return undefined;
    this.#expect(answer);
    return valueSchema.safeParse(answer.body).data?.SecretString;
  }

  async writePart(name: string, text: string): Promise<void> {
    await this.#create(this.#partName(name), text);
  }

  removePart(name: string): Promise<void> {
    return this.#delete(this.#partName(name));
  }

  #partName(name: string): string {
    return `${this.#options.name}.parts/${name}`;
  }

  async #current(): Promise<Version | undefined> {
    const answer = await this.#call("GetSecretValue", {
      SecretId: this.#options.name,
      VersionStage: CURRENT,
    });
    if (errorOf(answer)?.name === "ResourceNotFoundException") return undefined;
    this.#expect(answer);
    const { SecretString: stamped, VersionId: id } = valueSchema.safeParse(answer.body).data ?? {};
    const found = stamped === undefined ? undefined : unstamp(stamped);
    if (found && id !== undefined) return { ...found, id };
    throw corrupt(
      this.describe(),
      "it holds something that integ did not write",
      "choose another name in secrets.awsSecretsManager.name",
    );
  }

  /** False where there is one of this name already. */
  async #create(name: string, text: string): Promise<boolean> {
    // The same for the same content: a request that arrives twice makes one secret.
    const token = createHash("sha256").update(`${name}\n${text}`).digest("hex").slice(0, 32);
    const answer = await this.#call("CreateSecret", {
      Name: name,
      ClientRequestToken: token,
      SecretString: text,
      Description: "Kept by integ; do not edit by hand",
    });
    if (errorOf(answer)?.name === "ResourceExistsException") return false;
    this.#expect(answer);
    return true;
  }

  async #delete(name: string): Promise<void> {
    const answer = await this.#call("DeleteSecret", { SecretId: name, ForceDeleteWithoutRecovery: true });
    if (errorOf(answer)?.name !== "ResourceNotFoundException") this.#expect(answer);
  }

  async #must(action: string, body: object): Promise<void> {
    this.#expect(await this.#call(action, body));
  }

  async #call(action: string, body: object): Promise<Answer> {
    const { env } = this.#options;
    this.#identity ??= import("./aws-credentials.ts").then(({ awsIdentity }) => awsIdentity(env));
    const { credentials, region: found, why } = await this.#identity;
    const region = this.#options.region ?? found;
    if (region === undefined) {
      throw unavailable(
        this.describe(),
        "no region is known",
        "set AWS_REGION, or secrets.awsSecretsManager.region",
      );
    }
    if (!credentials) {
      const hint =
        'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; for SSO and roles: eval "$(aws configure export-credentials --format env)"';
      throw locked(this.describe(), `there are no credentials: ${why}`, hint);
    }
    const values = new Map([
      ["id", credentials.accessKeyId],
      ["secret", credentials.secretAccessKey],
      ["session", credentials.sessionToken ?? ""],
    ]);
    const sign = sigV4Signer(
      {
        scheme: "aws-sigv4",
        region,
        service: "secretsmanager",
        accessKeySecret: "id",
        secretKeySecret: "secret",
        ...(credentials.sessionToken === undefined ? {} : { sessionTokenSecret: "session" }),
      },
      values,
    );
    const endpoint =
      this.#options.endpoint ??
      env.AWS_ENDPOINT_URL_SECRETS_MANAGER ??
      env.AWS_ENDPOINT_URL ??
      `https://secretsmanager.${region}.amazonaws.com`;
    const answer = await ask(
      {
        method: "POST",
        url: `${endpoint.replace(/\/+$/, "")}/`,
        headers: {
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": `secretsmanager.${action}`,
        },
        body: JSON.stringify(body),
        sign,
      },
      this.#options,
      isTemporary,
    );
    if (!("failure" in answer)) return answer;
    const { message, hint } = answer.failure;
    throw unavailable(this.describe(), message, hint ?? "check the region and the network");
  }

  #expect(answer: Answer): void {
    const error = errorOf(answer);
    if (error) throw this.#refusal(error);
  }

  #refusal({ name, message }: AwsError): SecretError {
    const where = this.describe();
    const said = message === "" ? name : `${name}: ${message}`;
    if (REFUSED.has(name))
      return locked(where, said, "check the credentials, their policy, and the KMS key's");
    if (name === "InvalidRequestException" && /deletion|deleted/i.test(message)) {
      return unavailable(
        where,
        "it is scheduled for deletion",
        `aws secretsmanager restore-secret --secret-id ${this.#options.name}`,
      );
    }
    return unavailable(where, said, "see AWS's status, or run the command again");
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
