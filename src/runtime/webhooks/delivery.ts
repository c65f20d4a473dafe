import { record, requireValues, type ValueRule } from "../platform/values.ts";

/** A request to a webhook receiver, before anything about it is believed. */
export interface Delivery {
  /** Any of Node's, Fetch's or a plain object; names in any case. */
  headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes as they came. Parsed and printed again they have another signature. */
  body: string | Uint8Array;
  /** Needed by schemes that sign it (Twilio, HubSpot): the public URL, as the provider called it. */
  url?: string;
  /** Default `POST`. */
  method?: string;
}

/** A delivery whose signature is right. */
export interface VerifiedDelivery {
  /** The event's id where the scheme or the body tells it: the key to process it once. */
  id: string | undefined;
  /** Epoch milliseconds at which it was signed, where the scheme tells. */
  signedAt: number | undefined;
  /** The parsed JSON body; the text where it is not JSON. */
  payload: unknown;
}

export type WebhookErrorCode =
  | "no_signature"
  | "malformed_signature"
  | "too_old"
  | "too_new"
  | "wrong_signature"
  | "no_secret";

/** A delivery that must not be believed. Answer 400, log `code`, and nothing of the body. */
export class WebhookError extends Error {
  readonly code: WebhookErrorCode;

  constructor(code: WebhookErrorCode, message: string) {
    super(message);
    this.name = "WebhookError";
    this.code = code;
  }
}

const raw: ValueRule = {
  says: "the bytes as they came, a text or a Uint8Array; what parsed them must run after the webhook",
  holds: (value) => typeof value === "string" || value instanceof Uint8Array,
};

/** @throws TypeError where the server's body parser came first: parsed and printed again, no signature fits */
export function checkDelivery(delivery: unknown): void {
  requireValues("a delivery", delivery, { headers: record, body: raw });
}

/** The value of a header; several of one name are joined by a comma, as HTTP has it. */
export function headerOf({ headers }: Delivery, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const wanted = name.toLowerCase();
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === wanted)?.[1];
  return typeof found === "string" ? found : found?.join(",");
}

/** @throws WebhookError `no_signature` */
export function requireHeader(delivery: Delivery, name: string): string {
  const value = headerOf(delivery, name);
  if (!value) throw new WebhookError("no_signature", `the header ${name} is missing`);
  return value;
}

export function bytesOf({ body }: Delivery): Uint8Array {
  return typeof body === "string" ? new TextEncoder().encode(body) : body;
}

export function textOf({ body }: Delivery): string {
  return typeof body === "string" ? body : new TextDecoder().decode(body);
}

/** Epoch milliseconds of a number of seconds. @throws WebhookError where it is no number */
export function secondsToMs(text: string): number {
  if (!/^\d{1,12}$/.test(text))
    throw new WebhookError("malformed_signature", "the timestamp is not a number");
  return Number(text) * 1000;
}
