import type { Json } from "./json.ts";

/** A request as the response model sees it. */
export interface SandboxRequest {
  method: string;
  /** Path and query, `/v1/customers?limit=3`. */
  target: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
}

/** What goes wrong below HTTP while an answer is delivered. */
export type Damage = "reset" | "truncated";

/** An answer, before it meets a socket. */
export interface SandboxReply {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Milliseconds until the first byte. */
  delayMs: number;
  damage?: Damage;
}

export function jsonReply(
  status: number,
  value: Json,
  headers: Readonly<Record<string, string>> = {},
): SandboxReply {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: `${JSON.stringify(value, undefined, 2)}\n`,
    delayMs: 0,
  };
}

interface ErrorParts {
  type: "invalid_request_error" | "api_error" | "idempotency_error" | "authentication_error";
  message: string;
  code?: string;
  param?: string;
}

/** An error in the envelope that Stripe documents: `{ error: { type, code, message, param } }`. */
export function errorReply(
  status: number,
  { type, message, code, param }: ErrorParts,
  headers: Readonly<Record<string, string>> = {},
): SandboxReply {
  const error = {
    ...(code === undefined ? {} : { code }),
    message,
    ...(param === undefined ? {} : { param }),
    type,
  };
  return jsonReply(status, { error }, headers);
}
