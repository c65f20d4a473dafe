import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import aws4 from "aws4";

interface Key {
  secret: string;
  active: boolean;
  used: boolean;
}

/** A server that answers as AWS IAM and STS do about the access keys of one user, on 127.0.0.1. */
export interface IamServer {
  url: string;
  keys: Map<string, Key>;
  add(): { id: string; secret: string };
  honours(id: string | undefined): boolean;
  /** How many of the next requests of a new key are refused: it is not known everywhere at once. */
  lag: number;
  /** Closes the connection once the next key is made: nobody hears of it. */
  dropCreated: boolean;
  /** Actions in the order in which they came. */
  actions: string[];
  close(): Promise<void>;
}

class IamFailure extends Error {
  readonly status: number;
  constructor(code: string, status: number) {
    super(code);
    this.status = status;
  }
}

const MOST_KEYS = 2;

/**
 * What rotation needs of the APIs, written from their public documentation (docs.aws.amazon.com/IAM/latest/APIReference):
 * two keys at most, `NoSuchEntity` for one that is gone, keys that can be made inactive, when one was last used, XML, and
 * signatures of version 4.
 */
export async function startIam(): Promise<IamServer> {
  const server: IamServer = {
    url: "",
    keys: new Map(),
    add: () => {
      const id = `TESTKEY${randomBytes(6).toString("hex").toUpperCase()}`;
      const secret = randomBytes(30).toString("base64");
      server.keys.set(id, { secret, active: true, used: false });
      return { id, secret };
    },
    honours: (id) => server.keys.get(id ?? "")?.active === true,
    lag: 0,
    dropCreated: false,
    actions: [],
    close: async () => {},
  };
  const find = (id: string): Key => {
    const key = server.keys.get(id);
    if (key) return key;
    throw new IamFailure("NoSuchEntity", 404);
  };

  const actions: Record<string, (fields: URLSearchParams) => string> = {
    GetCallerIdentity: () => "<Arn>arn:aws:iam::123456789012:user/deploy</Arn><UserId>AIDATEST</UserId>",
    ListAccessKeys: () =>
      `<AccessKeyMetadata>${[...server.keys]
        .map(
          ([id, { active }]) =>
            `<member><UserName>deploy</UserName><AccessKeyId>${id}</AccessKeyId><Status>${active ? "Active" : "Inactive"}</Status></member>`,
        )
        .join("")}</AccessKeyMetadata><IsTruncated>false</IsTruncated>`,
    GetAccessKeyLastUsed: (fields) =>
      `<AccessKeyLastUsed><Region>N/A</Region>${
        find(fields.get("AccessKeyId") ?? "").used ? "<LastUsedDate>2026-01-01T00:00:00Z</LastUsedDate>" : ""
      }</AccessKeyLastUsed>`,
    CreateAccessKey: () => {
      if (server.keys.size >= MOST_KEYS) throw new IamFailure("LimitExceeded", 409);
      const { id, secret } = server.add();
      return `<AccessKey><UserName>deploy</UserName><AccessKeyId>${id}</AccessKeyId><Status>Active</Status><SecretAccessKey>${secret}</SecretAccessKey></AccessKey>`;
    },
    UpdateAccessKey: (fields) => {
      find(fields.get("AccessKeyId") ?? "").active = fields.get("Status") === "Active";
      return "";
    },
    DeleteAccessKey: (fields) => {
      find(fields.get("AccessKeyId") ?? "");
      server.keys.delete(fields.get("AccessKeyId") ?? "");
      return "";
    },
  };

  const authenticate = (request: IncomingMessage, body: string): void => {
    const { authorization = "", host, "x-amz-date": date } = request.headers;
    const [, id = "", service = ""] =
      /Credential=([^/]+)\/\d+\/us-east-1\/(iam|sts)\//.exec(authorization) ?? [];
    const key = server.keys.get(id);
    if (!key?.active) throw new IamFailure("InvalidClientTokenId", 403);
    if (!key.used && server.lag > 0) {
      server.lag -= 1;
      throw new IamFailure("InvalidClientTokenId", 403);
    }
    const contentType = String(request.headers["content-type"]);
    const headers = { "Content-Type": contentType, "X-Amz-Date": String(date) };
    const expected = aws4.sign(
      { host: String(host), path: "/", method: "POST", service, region: "us-east-1", headers, body },
      { accessKeyId: id, secretAccessKey: key.secret },
    );
    if (authorization !== String(expected.headers?.Authorization)) {
      throw new IamFailure("SignatureDoesNotMatch", 403);
    }
    key.used = true;
  };

  const http = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const fields = new URLSearchParams(text);
    const action = fields.get("Action") ?? "";
    response.setHeader("content-type", "text/xml");
    try {
      authenticate(request, text);
      server.actions.push(action);
      const result = actions[action]?.(fields);
      if (result === undefined) throw new IamFailure("InvalidAction", 400);
      if (action === "CreateAccessKey" && server.dropCreated) {
        server.dropCreated = false;
        request.socket.destroy();
        return;
      }
      response.end(
        `<${action}Response><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`,
      );
    } catch (error) {
      if (!(error instanceof IamFailure)) throw error;
      response.statusCode = error.status;
      response.end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${error.message}</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
      );
    }
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  server.close = async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  };
  return server;
}
