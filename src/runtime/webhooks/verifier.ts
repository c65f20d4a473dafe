import { duration, requireNumbers } from "../platform/numbers.ts";
import { callable, maybe, requireValues, text, withMethods } from "../platform/values.ts";
import { checkDelivery, type Delivery, textOf, type VerifiedDelivery, WebhookError } from "./delivery.ts";
import type { WebhookScheme } from "./scheme.ts";

export interface VerifierOptions {
  scheme: WebhookScheme;
  /** Environment variable that holds the secret; several, separated by commas or spaces, while one is rolled. */
  secret: string;
  /** Where the variable is looked up, at each delivery. Default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds that the signature's time may lie in the past *or* in the future. Default 5 min. */
  toleranceMs?: number;
  /** Epoch milliseconds. Default `Date.now`. */
  now?: () => number;
}

/** Checks a delivery. @throws WebhookError */
export type WebhookVerifier = (delivery: Delivery) => VerifiedDelivery;

/** The JSON of a body; the text where it is none. */
export function parsePayload(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Where providers put an event's id, in the order in which it is looked for. */
const ID_FIELDS = ["id", "event_id"];

/** The event's id, where the payload tells it. */
export function idOf(payload: unknown): string | undefined {
  if (typeof payload !== "object" || payload === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(payload));
  const id = ID_FIELDS.map((name) => fields.get(name)).find(
    (value) => typeof value === "string" || typeof value === "number",
  );
  return id === undefined ? undefined : String(id);
}

/** @throws WebhookError `too_old`, `too_new` */
export function checkTime(signedAt: number, now: number, toleranceMs: number): void {
  const age = now - signedAt;
  if (age > toleranceMs) throw new WebhookError("too_old", "signed too long ago: a replay, or a slow clock");
  // A time in the future would let a caught delivery be replayed until then.
  if (age < -toleranceMs)
    throw new WebhookError("too_new", "signed in the future: check this machine's clock");
}

/**
 * Makes the verifier of a webhook. The signature is checked before the time, so that a stranger learns nothing of the
 * clock; every secret is tried, in constant time.
 * @throws RangeError where `toleranceMs` is no time: nothing is older than NaN
 */
export function createWebhookVerifier(options: VerifierOptions): WebhookVerifier {
  requireValues("webhook verifier", options, {
    secret: text,
    scheme: withMethods("stripeScheme", "read"),
    now: maybe(callable),
  });
  requireNumbers("webhook verifier", options, { toleranceMs: duration });
  const { scheme, toleranceMs = 300_000, now = Date.now } = options;
  return (delivery) => {
    checkDelivery(delivery);
    const secrets = ((options.env ?? process.env)[options.secret] ?? "").split(/[\s,]+/).filter(Boolean);
    if (secrets.length === 0) throw new WebhookError("no_secret", `${options.secret} is not set`);
    const claim = scheme.read(delivery);
    const signed = secrets.reduce((found, secret) => claim.signedBy(secret) || found, false);
    if (!signed) throw new WebhookError("wrong_signature", "none of our secrets made this signature");
    if (claim.signedAt !== undefined) checkTime(claim.signedAt, now(), toleranceMs);
    const payload = parsePayload(textOf(delivery));
    return { id: claim.id ?? idOf(payload), signedAt: claim.signedAt, payload };
  };
}
