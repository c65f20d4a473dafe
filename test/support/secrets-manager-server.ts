import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import aws4 from "aws4";

interface Secret {
  /** Version id → its value and its labels. */
  versions: Map<string, { value: string; stages: Set<string> }>;
  scheduledForDeletion: boolean;
}

/** A server that answers as AWS Secrets Manager does, on 127.0.0.1. */
export interface SecretsManagerServer {
  url: string;
  /** Variables with credentials that it takes. */
  env: Record<string, string>;
  secrets: Map<string, Secret>;
  /** How many of the next requests are throttled. */
  throttle: number;
  /** Runs once before the next label moves: the moment of another writer. */
  beforeMove: (() => void) | undefined;
  close(): Promise<void>;
}

class AwsFailure extends Error {}
const fail = (type: string, message: string): never => {
  throw new AwsFailure(JSON.stringify({ __type: type, Message: message }));
};

const CURRENT = "AWSCURRENT";
const MAX_BYTES = 65_536;

/**
 * What stores need of the API, written from its public documentation (docs.aws.amazon.com/secretsmanager/latest/apireference):
 * staging labels, of which each is on one version; AWSPREVIOUS follows AWSCURRENT; a label moves only away from the version that is named; a client
 * request token makes one version; 64 KiB; signatures of version 4.
 */
export async function startSecretsManager(): Promise<SecretsManagerServer> {
  const env = {
    AWS_ACCESS_KEY_ID: ["AK", "of", "a", "test"].join("-"),
    AWS_SECRET_ACCESS_KEY: ["key", "of", "a", "test"].join("-"),
    AWS_REGION: "eu-central-1",
  };
  const server: SecretsManagerServer = {
    url: "",
    env,
    secrets: new Map(),
    throttle: 0,
    beforeMove: undefined,
    close: async () => {},
  };

  const find = (id: unknown): Secret => {
    const secret = server.secrets.get(String(id));
    if (!secret) return fail("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
    if (secret.scheduledForDeletion) {
      fail(
        "InvalidRequestException",
        "You can't perform this operation on the secret because it was marked for deletion.",
      );
    }
    return secret;
  };
  const holder = (secret: Secret, stage: string) =>
    [...secret.versions].find(([, { stages }]) => stages.has(stage))?.[0];
  const label = (secret: Secret, stage: string, version: string) => {
    const before = holder(secret, stage);
    if (before !== undefined) secret.versions.get(before)?.stages.delete(stage);
    secret.versions.get(version)?.stages.add(stage);
    if (stage === CURRENT && before !== undefined && before !== version) label(secret, "AWSPREVIOUS", before);
  };
  const store = (secret: Secret, version: string, value: string, stages: readonly string[]) => {
    if (Buffer.byteLength(value) > MAX_BYTES) fail("InvalidParameterException", "the value is too long");
    const known = secret.versions.get(version);
    if (known && known.value !== value) fail("ResourceExistsException", "a version with this token exists");
    if (known) return;
    secret.versions.set(version, { value, stages: new Set() });
    for (const stage of stages) label(secret, stage, version);
  };

  const actions: Record<string, (body: Record<string, unknown>) => unknown> = {
    CreateSecret: ({ Name, ClientRequestToken, SecretString }) => {
      const known = server.secrets.get(String(Name));
      if (known && !known.versions.has(String(ClientRequestToken))) {
        fail("ResourceExistsException", `The operation failed because the secret ${Name} already exists.`);
      }
      const secret = known ?? { versions: new Map(), scheduledForDeletion: false };
      store(secret, String(ClientRequestToken), String(SecretString), [CURRENT]);
      server.secrets.set(String(Name), secret);
      return { Name, VersionId: ClientRequestToken };
    },
    GetSecretValue: ({ SecretId, VersionStage = CURRENT }) => {
      const secret = find(SecretId);
      const id = holder(secret, String(VersionStage));
      const version = id === undefined ? undefined : secret.versions.get(id);
      if (!version)
        return fail("ResourceNotFoundException", `can't find the version with stage ${VersionStage}`);
      return {
        Name: SecretId,
        VersionId: id,
        SecretString: version.value,
        VersionStages: [...version.stages],
      };
    },
    PutSecretValue: ({ SecretId, ClientRequestToken, SecretString, VersionStages }) => {
      store(find(SecretId), String(ClientRequestToken), String(SecretString), VersionStages as string[]);
      return { VersionId: ClientRequestToken };
    },
    UpdateSecretVersionStage: ({ SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId }) => {
      server.beforeMove?.();
      server.beforeMove = undefined;
      const secret = find(SecretId);
      const now = holder(secret, String(VersionStage));
      if (now !== RemoveFromVersionId) {
        fail("InvalidParameterException", `The parameter RemoveFromVersionId must be ${now}`);
      }
      label(secret, String(VersionStage), String(MoveToVersionId));
      return { Name: SecretId };
    },
    DeleteSecret: ({ SecretId }) => {
      find(SecretId);
      server.secrets.delete(String(SecretId));
      return { Name: SecretId };
    },
  };

  const signed = (request: IncomingMessage, body: string): boolean => {
    const { authorization = "", host, "x-amz-date": date, "x-amz-target": target } = request.headers;
    const expected = aws4.sign(
      {
        host: String(host),
        path: "/",
        method: "POST",
        service: "secretsmanager",
        region: env.AWS_REGION,
        headers: {
          "Content-Type": String(request.headers["content-type"]),
          "X-Amz-Target": String(target),
          "X-Amz-Date": String(date),
        },
        body,
      },
      { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY },
    );
    return (
      /^AWS4-HMAC-SHA256 .*SignedHeaders=.*x-amz-target/.test(authorization) &&
      authorization === String(expected.headers?.Authorization)
    );
  };

  const answer = async (request: IncomingMessage): Promise<[number, string]> => {
    let text = "";
    for await (const chunk of request) text += chunk;
    try {
      if (server.throttle-- > 0) fail("ThrottlingException", "Rate exceeded");
      if (!signed(request, text)) fail("InvalidSignatureException", "The request signature does not match.");
      const action = String(request.headers["x-amz-target"]).replace("secretsmanager.", "");
      return [
        200,
        JSON.stringify(actions[action]?.(JSON.parse(text)) ?? fail("UnknownOperationException", action)),
      ];
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      return [400, error.message];
    }
  };

  const http = createServer(async (request, response) => {
    const [status, body] = await answer(request);
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
    response.end(body);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  server.close = async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  };
  return server;
}
