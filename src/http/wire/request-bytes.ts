import { validateHeaderName, validateHeaderValue } from "node:http";

/** One request in the terms of a connection: where it goes was decided when that was opened. */
export interface Outgoing {
  method: string;
  /** What the request line names: a path, or to a plain proxy the whole URL. */
  target: string;
  /** The host that is asked, where no header says another. */
  host: string;
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array | undefined;
}

/** Headers about the connection, which is ours, or about the length of the body, which is as it is. */
const OURS = /^(?:transfer-encoding|keep-alive|upgrade|expect)$/i;

const WITH_BODY = /^(?:POST|PUT|PATCH)$/;

const field = (name: string, value: string): string => `${name}: ${value}\r\n`;

/**
 * A request as HTTP/1.1 has it on the wire, with what its headers lack: a host, what becomes of the connection, the body's length.
 * @throws where a header holds what would end it, or says what the request is not
 */
export function requestBytes({ method, target, host, headers, body }: Outgoing): Buffer {
  let own = "";
  let saysHost = false;
  let saysConnection = false;
  for (const name in headers) {
    const value = headers[name] ?? "";
    const lower = name.toLowerCase();
    if (lower === "content-length") continue;
    validateHeaderName(name);
    validateHeaderValue(name, value);
    if (OURS.test(name)) throw new Error(`invalid ${lower} header`);
    saysHost ||= lower === "host";
    saysConnection ||= lower === "connection";
    own += field(name, value);
  }
  let head = `${method} ${target} HTTP/1.1\r\n`;
  if (!saysHost) head += field("host", host);
  if (!saysConnection) head += field("connection", "keep-alive");
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  if (length > 0 || WITH_BODY.test(method)) head += field("content-length", String(length));
  const bytes = Buffer.from(`${head}${own}\r\n`, "latin1");
  return body === undefined ? bytes : Buffer.concat([bytes, Buffer.from(body)]);
}
