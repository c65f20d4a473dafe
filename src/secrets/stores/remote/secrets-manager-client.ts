import { createHash, randomUUID } from "node:crypto";
import * as z from "zod";
import type { SecretError } from "../../../base/errors.ts";
import { neutralize } from "../../../base/text.ts";
import { sigV4Signer } from "../../../http/signing/sigv4.ts";
import { locked, unavailable } from "../../states.ts";
import type { AwsIdentity } from "./aws-credentials.ts";
import { type Answer, ask, type ServiceOptions } from "./service.ts";

export interface AwsConnection extends ServiceOptions {
  /** Default: AWS_REGION, or the profile's. */
  region?: string | undefined;
  /** Another address than AWS's own: an emulator, a VPC endpoint. Default: AWS_ENDPOINT_URL_SECRETS_MANAGER, AWS_ENDPOINT_URL. */
  endpoint?: string | undefined;
}

const CURRENT = "AWSCURRENT";
const PENDING = "AWSPENDING";

const valueSchema = z.object({ SecretString: z.string().optional(), VersionId: z.string() });
const errorSchema = z.object({
  __type: z.string(),
  Message: z.string().optional(),
  message: z.string().optional(),
});

export interface AwsError {
  name: string;
  message: string;
}

export function errorOf({ status, body }: Answer): AwsError | undefined {
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

/** A version of a secret; without `text` where it holds bytes. */
export interface AwsVersion {
  id: string;
  text: string | undefined;
}

/** Talks to AWS Secrets Manager (docs.aws.amazon.com/secretsmanager/latest/apireference). */
export class SecretsManagerClient {
  readonly #options: AwsConnection;
  readonly #where: () => string;
  #identity: Promise<AwsIdentity> | undefined;

  /** @param where what failures speak of: `AWS secret shop/prod` */
  constructor(options: AwsConnection, where: () => string) {
    this.#options = options;
    this.#where = where;
  }

  /** What AWSCURRENT is on; `undefined` where there is no such secret. */
  async current(name: string): Promise<AwsVersion | undefined> {
    const answer = await this.call("GetSecretValue", { SecretId: name, VersionStage: CURRENT });
    if (errorOf(answer)?.name === "ResourceNotFoundException") return undefined;
    this.expect(answer);
    const { SecretString: text, VersionId: id } = valueSchema.safeParse(answer.body).data ?? {};
    if (id !== undefined) return { id, text };
    throw unavailable(this.#where(), "its answer names no version", "check the endpoint's address");
  }

  /** Brings a value in beside the current one and moves the label to it. False where the label is not on `before` any more. */
  async replace(name: string, text: string, before: string): Promise<boolean> {
    const id = randomUUID();
    await this.#must("PutSecretValue", {
      SecretId: name,
      ClientRequestToken: id,
      SecretString: text,
      VersionStages: [PENDING],
    });
    const moved = await this.call("UpdateSecretVersionStage", {
      SecretId: name,
      VersionStage: CURRENT,
      RemoveFromVersionId: before,
      MoveToVersionId: id,
    });
    // Somebody else has moved the label meanwhile; what we brought in has no label that anybody reads.
    if (errorOf(moved)?.name === "InvalidParameterException") return false;
    this.expect(moved);
    return true;
  }

  /** False where there is one of this name already. */
  async create(name: string, text: string, description: string): Promise<boolean> {
    // The same for the same content: a request that arrives twice makes one secret.
    const token = createHash("sha256").update(`${name}\n${text}`).digest("hex").slice(0, 32);
    const answer = await this.call("CreateSecret", {
      Name: name,
      ClientRequestToken: token,
      SecretString: text,
      Description: description,
    });
    if (errorOf(answer)?.name === "ResourceExistsException") return false;
    this.expect(answer);
    return true;
  }

  async delete(name: string): Promise<void> {
    const answer = await this.call("DeleteSecret", { SecretId: name, ForceDeleteWithoutRecovery: true });
    if (errorOf(answer)?.name !== "ResourceNotFoundException") this.expect(answer);
  }

  async #must(action: string, body: object): Promise<void> {
    this.expect(await this.call(action, body));
  }

  async call(action: string, body: object): Promise<Answer> {
    const { env } = this.#options;
    this.#identity ??= import("./aws-credentials.ts").then(({ awsIdentity }) => awsIdentity(env));
    const { credentials, region: found, why } = await this.#identity;
    const region = this.#options.region ?? found;
    if (region === undefined) {
      throw unavailable(
        this.#where(),
        "no region is known",
        "set AWS_REGION, or secrets.awsSecretsManager.region",
      );
    }
    if (!credentials) {
      const hint =
        'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; for SSO and roles: eval "$(aws configure export-credentials --format env)"';
      throw locked(this.#where(), `there are no credentials: ${why}`, hint);
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
    throw unavailable(this.#where(), message, hint ?? "check the region and the network");
  }

  expect(answer: Answer): void {
    const error = errorOf(answer);
    if (error) throw this.#refusal(error);
  }

  #refusal({ name, message }: AwsError): SecretError {
    const where = this.#where();
    const said = message === "" ? name : `${name}: ${message}`;
    if (REFUSED.has(name))
      return locked(where, said, "check the credentials, their policy, and the KMS key's");
    if (name === "InvalidRequestException" && /deletion|deleted/i.test(message)) {
      return unavailable(
        where,
        "it is scheduled for deletion",
        `aws secretsmanager restore-secret --secret-id <its name>`,
      );
    }
    return unavailable(where, said, "see AWS's status, or run the command again");
  }
}
