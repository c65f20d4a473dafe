import { hasHeader, type SignableRequest, type SignatureHeaders } from "./request.ts";

/** Where a request is signed for. */
export interface SigV4Rules {
  /** `eu-central-1` */
  region: string;
  /** `execute-api` */
  service: string;
}

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** `20260115T120000Z` */
const amzDate = (now: number) => new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, "");

/**
 * Signs with AWS Signature Version 4, by the aws4 library: date, body hash and session token go into headers of their own.
 * @param now epoch milliseconds
 */
export async function signSigV4(
  request: SignableRequest,
  { region, service }: SigV4Rules,
  credentials: AwsCredentials,
  now: number,
): Promise<SignatureHeaders> {
  const { default: aws4 } = await import("aws4");
  const { host, pathname, search } = new URL(request.url);
  const signed = aws4.sign(
    {
      host,
      method: request.method,
      path: `${pathname}${search}`,
      region,
      service,
      headers: { ...request.headers, "X-Amz-Date": amzDate(now) },
      ...(request.body === undefined ? {} : { body: Buffer.from(request.body) }),
    },
    credentials,
  );
  const added = Object.entries(signed.headers ?? {}).filter(
    ([name]) => !hasHeader(request, name) && !/^(?:host|content-length)$/i.test(name),
  );
  return Object.fromEntries(added.map(([name, value]) => [name, String(value)]));
}
