import type { ResponseIssue } from "../errors/errors.ts";
import { type ResponseHead, UnusableBody } from "./transport.ts";

/** Anything that checks a value the way zod does; a zod schema is one. */
export interface Schema<T> {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: readonly SchemaIssue[] } };
}

/** What a schema says of a value. */
type Checked<T> = ReturnType<Schema<T>["safeParse"]>;

interface SchemaIssue {
  path: readonly PropertyKey[];
  message: string;
}

/**
 * Refuses a body that was cut off before its first byte where nothing but the end of the connection tells its length: no
 * encoding makes nothing of something. A declared length, and chunks, are kept by the transport.
 * @throws UnusableBody
 */
export function refuseCutOff(text: string, { status, headers }: ResponseHead, method: string): void {
  if (text !== "" || method === "HEAD" || status === 204 || status === 205) return;
  const encoding = headers["content-encoding"] ?? "identity";
  if (/^\s*(identity)?\s*$/i.test(encoding)) return;
  if (headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined) return;
  throw new UnusableBody("the body ended before its first byte, though it is said to be encoded");
}

/**
 * Parses a JSON body; `undefined` where there is none.
 * @throws UnusableBody where it is not JSON
 */
export function parseJson(text: string, { headers }: Pick<ResponseHead, "headers">): unknown {
  if (text === "") return undefined;
  try {
    // A byte order mark, which some servers begin with, is no part of the JSON (RFC 8259 §8.1).
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    if (text.trim() === "") return undefined;
    const type = headers["content-type"]?.split(";")[0] ?? "no content type";
    throw new UnusableBody(`the body is not JSON (${type}, ${text.length} characters)`);
  }
}

/** The body of a failure: parsed where it is JSON, a piece of text where it is not, bounded, never an error. */
export function parseFailureBody(text: string | undefined): unknown {
  if (text === undefined || text === "") return undefined;
  if (text.length > 65_536) return text.slice(0, 2000);
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 2000);
  }
}

function jsonPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = String(key);
    return /^[A-Za-z_]\w*$/.test(name) ? `${text}.${name}` : `${text}[${JSON.stringify(name)}]`;
  }, "$");
}

const isOverflow = (error: unknown) => error instanceof RangeError && /call stack/.test(error.message);

/**
 * Holds a value against a schema. One that is nested deeper than the schema can follow, or makes a check of the
 * application's own throw, is not what it says either: `thrown` is what that check threw.
 */
export function checkWith<T>(schema: Schema<T>, value: unknown): Checked<T> & { thrown?: unknown } {
  try {
    return schema.safeParse(value);
  } catch (error) {
    const deep = isOverflow(error);
    const message = deep ? "nested too deeply" : "a check of the schema threw an error in place of an answer";
    const failed = { success: false, error: { issues: [{ path: [], message }] } } as const;
    return deep ? failed : { ...failed, thrown: error };
  }
}

/** The first twenty places where a response differs from its schema. */
export function toIssues(issues: readonly SchemaIssue[]): ResponseIssue[] {
  return issues.slice(0, 20).map(({ path, message }) => ({ path: jsonPath(path), message }));
}

/** From the most telling on. */
const REQUEST_ID_HEADERS: readonly string[] = [
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

const RANKS: ReadonlyMap<string, number> = new Map(REQUEST_ID_HEADERS.map((name, rank) => [name, rank]));

/** The id by which the provider's support finds this response. */
export function requestIdOf(headers: Readonly<Record<string, string>>): string | undefined {
  let best = REQUEST_ID_HEADERS.length;
  for (const name in headers) {
    const rank = RANKS.get(name);
    if (rank !== undefined && rank < best && headers[name] !== "") best = rank;
  }
  return headers[REQUEST_ID_HEADERS[best] ?? ""]?.slice(0, 200);
}
