import { IncompleteError } from "../../../base/errors.ts";
import { neutralize } from "../../../base/text.ts";
import type { Exchange, HttpRequest } from "../../../http/exchange.ts";
import { sigV4Signer } from "../../../http/signing/sigv4.ts";

/** An access key: what AWS calls it, and its secret. */
export interface AccessKey {
  id: string;
  secret: string;
}

/** A service of AWS's Query protocol: parameters in a form, XML in the answer. */
export interface QueryService {
  name: "iam" | "sts";
  version: string;
  endpoint: string;
  send(request: HttpRequest): Promise<Exchange>;
}

export interface QueryAnswer {
  status: number;
  xml: string;
  /** `NoSuchEntity`, `LimitExceeded`; absent where it succeeded. */
  error?: string;
}

/** Both services are global, and sign for this region (docs.aws.amazon.com/general/latest/gr/iam-service.html). */
const REGION = "us-east-1";

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** The text of the first element of that name; these answers have no attributes, CDATA or nesting of one name in itself. */
export function elementText(xml: string, name: string): string | undefined {
  const [, text] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  return text?.replace(/&(lt|gt|amp|quot|apos);/g, (_, entity: string) => ENTITIES[entity] ?? "");
}

/** What stands between the tags of every element of that name. */
export function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, "gs"))].map(([, inner]) => inner ?? "");
}

/**
 * Calls an action, signed with a key.
 * @throws IncompleteError when nobody answered
 */
export async function query(
  { name, version, endpoint, send }: QueryService,
  action: string,
  parameters: Readonly<Record<string, string>>,
  key: AccessKey,
): Promise<QueryAnswer> {
  const auth = {
    scheme: "aws-sigv4",
    region: REGION,
    service: name,
    accessKeySecret: "id",
    secretKeySecret: "secret",
  } as const;
  const { response, failure } = await send({
    method: "POST",
    url: `${endpoint.replace(/\/+$/, "")}/`,
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
    body: new URLSearchParams({ Action: action, Version: version, ...parameters }).toString(),
    sign: sigV4Signer(auth, new Map(Object.entries({ id: key.id, secret: key.secret }))),
  });
  if (!response) {
    throw new IncompleteError(`AWS ${name.toUpperCase()} did not answer: ${failure?.message ?? ""}`, {
      code: "rotation/provider",
      hint: failure?.hint ?? "`integ secrets rotate --resume` goes on from here, --abort goes back",
    });
  }
  const xml = Buffer.from(response.body).toString("utf8");
  const { status } = response;
  if (status >= 200 && status < 300) return { status, xml };
  return { status, xml, error: neutralize(elementText(xml, "Code") ?? `status ${status}`).slice(0, 80) };
}
