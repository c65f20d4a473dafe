import type { ResponseIssue } from "../errors/errors.ts";

/** Anything that checks a value the way zod does; a zod schema is one. */
export interface Schema<T> {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: readonly SchemaIssue[] } };
}

interface SchemaIssue {
  path: readonly PropertyKey[];
  message: string;
}

/** A body that cannot be used. */
export class UnusableBody extends Error {}

async function readBounded(response: Response, maxBytes: number): Promise<string> {
  const declared = Number(response.headers.get("content-length") ?? Number.NaN);
  // Without an encoding the declared length is the real one: `fetch` itself keeps it.
  if (declared <= maxBytes && !response.headers.has("content-encoding")) return response.text();
  if (declared > maxBytes) {
    await response.body?.cancel();
    throw new UnusableBody(`the body is larger than ${maxBytes} bytes`);
  }
  const decoder = new TextDecoder();
  let size = 0;
  let text = "";
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (size > maxBytes) throw new UnusableBody(`the body is larger than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * Reads a JSON body; `undefined` where there is none.
 * @throws UnusableBody where it is larger than `maxBytes` once decompressed, or not JSON
 */
export async function readJson(response: Response, maxBytes: number): Promise<unknown> {
  const text = await readBounded(response, maxBytes);
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    const type = response.headers.get("content-type")?.split(";")[0] ?? "no content type";
    throw new UnusableBody(`the body is not JSON (${type}, ${text.length} characters)`);
  }
}

/** The body of a failure: parsed where it is JSON, a piece of text where it is not, bounded, never an error. */
export async function readFailureBody(response: Response): Promise<unknown> {
  try {
    const text = await readBounded(response, 65_536);
    if (text === "") return undefined;
    try {
      return JSON.parse(text);
    } catch {
      return text.slice(0, 2000);
    }
  } catch {
    return undefined;
  }
}

function jsonPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = String(key);
    return /^[A-Za-z_]\w*$/.test(name) ? `${text}.${name}` : `${text}[${JSON.stringify(name)}]`;
  }, "$");
}

/** The first twenty places where a response differs from its schema. */
export function toIssues(issues: readonly SchemaIssue[]): ResponseIssue[] {
  return issues.slice(0, 20).map(({ path, message }) => ({ path: jsonPath(path), message }));
}

const REQUEST_ID_HEADERS = [
  "request-id",
  "x-request-id",
  "x-github-request-id",
  "x-correlation-id",
  "x-amzn-requestid",
  "x-shopify-request-id",
  "x-slack-req-id",
  "twilio-request-id",
  "cf-ray",
];

/** The id by which the provider's support finds this response. */
export function requestIdOf(headers: Headers): string | undefined {
  for (const name of REQUEST_ID_HEADERS) {
    const value = headers.get(name);
    if (value) return value.slice(0, 200);
  }
  return undefined;
}
