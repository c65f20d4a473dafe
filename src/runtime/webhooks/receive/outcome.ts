/**
 * What became of a delivery. `processed`: now. `done`: before. `busy`: another delivery of the event is being processed.
 * `lost`: the claim was lost while working. `failed`: the effect, or something of ours. `unavailable`: the store or the
 * archive. `refused`: it cannot be believed. `unexpected`: the payload is not what the schema says. `too_large`,
 * `too_slow`, `encoded`, `method`: of the request. `parsed`: the server had read the body before us.
 */
export type WebhookOutcome =
  | "processed"
  | "done"
  | "busy"
  | "lost"
  | "failed"
  | "unavailable"
  | "refused"
  | "unexpected"
  | "too_large"
  | "too_slow"
  | "encoded"
  | "method"
  | "parsed";

/** What the provider is told. Anything but 2xx makes it deliver again. */
export interface WebhookAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

const ANSWERS: Readonly<Record<WebhookOutcome, readonly [number, string, Record<string, string>?]>> = {
  processed: [200, "ok"],
  done: [200, "ok, processed before"],
  // Not 2xx: should the one who is at it die, this event must come again.
  busy: [409, "being processed", { "retry-after": "60" }],
  lost: [409, "taken over", { "retry-after": "60" }],
  failed: [500, "failed"],
  unavailable: [503, "not now", { "retry-after": "60" }],
  refused: [400, "not believed"],
  unexpected: [422, "not what we expect"],
  too_large: [413, "too large", { connection: "close" }],
  too_slow: [408, "too slow", { connection: "close" }],
  encoded: [415, "no content encoding is accepted"],
  method: [405, "POST only", { allow: "POST" }],
  parsed: [500, "the raw body is gone: register the webhook before anything that parses bodies"],
};

/** A stranger learns nothing from it: not why a signature was refused, not what failed. */
export function answerTo(outcome: WebhookOutcome): WebhookAnswer {
  const [status, body, headers = {}] = ANSWERS[outcome];
  return { status, body, headers: { "content-type": "text/plain; charset=utf-8", ...headers } };
}
