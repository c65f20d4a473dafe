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

/** What is missing in the headers: a host, what becomes of the connection, the body's length. */
function additions({ method, host, headers, body }: Outgoing): [string, string][] {
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  const added: [string, string][] = [];
  if (!names.has("host")) added.push(["host", host]);
  if (!names.has("connection")) added.push(["connection", "keep-alive"]);
  if (length > 0 || WITH_BODY.test(method)) added.push(["content-length", String(length)]);
  return added;
}

/**
 * A request as HTTP/1.1 has it on the wire.
 * @throws where a header holds what would end it, or says what the request is not
 */
export function requestBytes(outgoing: Outgoing): Buffer {
  const { method, target, headers, body } = outgoing;
  const own = Object.entries(headers).filter(([name]) => name.toLowerCase() !== "content-length");
  for (const [name, value] of own) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    if (OURS.test(name)) throw new Error(`invalid ${name.toLowerCase()} header`);
  }
  const fields = [...additions(outgoing), ...own].map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${fields.join("")}\r\n`, "latin1");
  return body === undefined ? head : Buffer.concat([head, Buffer.from(body)]);
}
