import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it arrived, its body whole. */
export interface Arrived {
  method: string;
  /** Path with query. */
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export type Verdict = (request: Arrived) => boolean;

const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const header = ({ headers }: Arrived, name: string) => String(headers[name] ?? "");

/** Each name and value decoded, encoded by RFC 3986, sorted. */
function canonicalQuery(query: string): string {
  const encode = (text = "") =>
    encodeURIComponent(decodeURIComponent(text)).replace(
      /[!'()*]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const pairs = query.split("&").map((pair) => pair.split("=").map(encode).join("="));
  return pairs.sort().join("&");
}

/** AWS's own steps (Signature Version 4, "Create a signed request"), from what arrived and the shared key alone. */
export function sigV4Verdict(
  keys: Readonly<Record<string, string>>,
  scope: { region: string; service: string },
): Verdict {
  return (request) => {
    const [, id = "", date = "", signed = "", signature = ""] =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/\S+, SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(
        header(request, "authorization"),
      ) ?? [];
    const time = header(request, "x-amz-date");
    const [path = "", query = ""] = request.url.split("?");
    const canonical = [
      request.method,
      path,
      canonicalQuery(query),
      ...signed.split(";").map((name) => `${name}:${header(request, name).trim()}`),
      "",
      signed,
      sha256(request.body),
    ].join("\n");
    const place = `${date}/${scope.region}/${scope.service}/aws4_request`;
    const text = ["AWS4-HMAC-SHA256", time, place, sha256(canonical)].join("\n");
    const key = ["aws4_request", scope.service, scope.region, date].reduceRight<string | Buffer>(
      (before, part) => hmac(before, part),
      `AWS4${keys[id]}`,
    );
    return (
      time.startsWith(date) &&
      signed.split(";").includes("host") &&
      hmac(key, text).toString("hex") === signature
    );
  };
}

/** `{timestamp}{method}{path}{body}` in hexadecimal, the time in a header of its own. */
export function hmacVerdict(key: string): Verdict {
  return (request) => {
    const time = header(request, "x-timestamp");
    const fresh = Math.abs(Number(time) - Date.now() / 1000) < 60;
    const text = `${time}${request.method}${request.url}${request.body}`;
    return fresh && hmac(key, text).toString("hex") === header(request, "x-signature");
  };
}

/** RFC 9421 §2.5 over method, target URI and the body's digest. */
export function messageVerdict(key: string): Verdict {
  return (request) => {
    const [, parameters = ""] = /^sig=(.*)$/.exec(header(request, "signature-input")) ?? [];
    const [, names = ""] = /^\(([^)]*)\)/.exec(parameters) ?? [];
    const values: Readonly<Record<string, string>> = {
      '"@method"': request.method,
      '"@target-uri"': `http://${header(request, "host")}${request.url}`,
      '"content-digest"': header(request, "content-digest"),
    };
    const covered = names.split(" ");
    const lines = [
      ...covered.map((name) => `${name}: ${values[name]}`),
      `"@signature-params": ${parameters}`,
    ];
    const digest = `sha-256=:${createHash("sha256").update(request.body).digest("base64")}:`;
    const whole =
      request.body === "" || (covered.includes('"content-digest"') && values['"content-digest"'] === digest);
    return (
      whole && header(request, "signature") === `sig=:${hmac(key, lines.join("\n")).toString("base64")}:`
    );
  };
}

/**
 * A server that answers 200 to what the verdict of the path's first part accepts, and 401 to everything else.
 * @returns its origin, and what stops it
 */
export async function verifyingServer(
  verdicts: Readonly<Record<string, Verdict>>,
  answers: Readonly<Record<string, (request: Arrived) => unknown>> = {},
): Promise<{ origin: string; arrived: Arrived[]; close: () => Promise<void> }> {
  const arrived: Arrived[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = "", url = "", headers } = request;
    const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
    arrived.push(one);
    const answer = answers[url];
    const [, first = ""] = url.split("/");
    const accepted = answer !== undefined || (verdicts[first]?.(one) ?? false);
    response.writeHead(accepted ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify(answer?.(one) ?? { id: "1" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    arrived,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
