import type { SignedAuth } from "../../config/project.ts";
import { withHeader } from "../credentials.ts";
import type { Signer } from "../exchange.ts";
import { headerSecret, secretValue } from "./secret.ts";

type SigV4 = Extract<SignedAuth, { scheme: "aws-sigv4" }>;

/** `20260115T120000Z` */
const amzDate = (now: number) => new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, "");

/**
 * Signs with AWS Signature Version 4, by the aws4 library: date, body hash and session token go into headers of their own.
 * @throws SecretError at once when a secret is missing
 */
export function sigV4Signer(auth: SigV4, secrets: ReadonlyMap<string, string>): Signer {
  const { region, service } = auth;
  const credentials = {
    accessKeyId: headerSecret(secrets, auth.accessKeySecret),
    secretAccessKey: secretValue(secrets, auth.secretKeySecret),
    ...(auth.sessionTokenSecret ? { sessionToken: headerSecret(secrets, auth.sessionTokenSecret) } : {}),
  };
  return async (request, { now }) => {
    const { default: aws4 } = await import("aws4");
    const { host, pathname, search } = new URL(request.url);
    const signed = aws4.sign(
      {
        host,
        method: request.method,
        path: `${pathname}${search}`,
        region,
        service,
        headers: { ...request.headers, "X-Amz-Date": amzDate(now()) },
        ...(request.body === undefined ? {} : { body: Buffer.from(request.body) }),
      },
      credentials,
    );
    const before = new Set(Object.keys(request.headers).map((name) => name.toLowerCase()));
    return Object.entries(signed.headers ?? {})
      .filter(([name]) => !before.has(name.toLowerCase()) && !/^(?:host|content-length)$/i.test(name))
      .reduce((result, [name, value]) => withHeader(result, name, String(value)), request);
  };
}
