import type { ResponseIssue } from "../../errors/errors.ts";
import { checkWith, type Schema, toIssues } from "../../exchange/response.ts";
import { nodeCrypto } from "../../platform/builtins.ts";
import { tellListener } from "../../platform/listener.ts";
import { count, milliseconds, requireNumbers } from "../../platform/numbers.ts";
import { callable, maybe, requireValue, requireValues, withMethods } from "../../platform/values.ts";
import { type Clock, systemClock } from "../../time/clock.ts";
import type { EventArchive, StoredEvent } from "../archive/archive.ts";
import {
  bytesOf,
  type Delivery,
  headerOf,
  textOf,
  type VerifiedDelivery,
  WebhookError,
} from "../delivery.ts";
import type { EventStore } from "../once/event-store.ts";
import { memoryEventStore } from "../once/memory-store.ts";
import { once, type Work } from "../once/once.ts";
import { parsePayload } from "../verifier.ts";
import { answerTo, type WebhookAnswer, type WebhookOutcome } from "./outcome.ts";

/** An event that is what its provider sent, and that nobody else processes now. */
export interface WebhookEvent<T> {
  id: string;
  /** Epoch milliseconds, where the scheme tells. */
  signedAt: number | undefined;
  /** Epoch milliseconds. */
  receivedAt: number;
  payload: T;
}

/** What is told of a delivery, for logs and metrics; nothing of its body. */
export interface WebhookReport {
  /** Undefined where the delivery could not be believed. */
  id: string | undefined;
  outcome: WebhookOutcome;
  /** Why it was refused, or what went wrong. */
  error?: unknown;
  /** Where the payload differs from the schema. */
  issues?: readonly ResponseIssue[];
}

export interface ReceiverOptions<T> {
  /** Checks the signature: `createWebhookVerifier`, `createPlaidVerifier`, or your own that throws `WebhookError`. */
  verify: (delivery: Delivery) => VerifiedDelivery | Promise<VerifiedDelivery>;
  /**
   * The effect. Quick, or into a queue: providers wait a few seconds. Where it rejects, the provider is asked to deliver
   * again. `work.signal` aborts when the claim is lost; `work.complete` completes the event in a transaction of yours.
   */
  handle: (event: WebhookEvent<T>, work: Work) => unknown;
  /** What the payload has to be; a zod schema is one. Another payload is answered with 422 and reported. */
  schema?: Schema<T>;
  /** Answers handshakes (`url_verification`) of verified deliveries. Text answers at once; `undefined` goes on. */
  handshake?: (payload: unknown) => string | undefined;
  /** Where processed events are remembered. Default: in memory, for one process. */
  store?: EventStore;
  /** Keeps every verified event, so that it can be replayed. */
  archive?: EventArchive;
  /** The event's id. Default: what the scheme or the body tells, else a hash of the body. */
  idOf?: (verified: VerifiedDelivery) => string | undefined;
  /** Milliseconds after which a process that does not answer any more has lost its claim. Renewed while one works. Default 60 s. */
  leaseMs?: number;
  /** Default 1 MiB. */
  maxBytes?: number;
  /** Milliseconds until the whole body must be there. Default 10 s. */
  bodyTimeoutMs?: number;
  /** `https://app.example.com`: the origin under which the provider knows us, for schemes that sign the URL. Default: the `Host` header's. */
  origin?: string;
  /** Told of every delivery; what it throws is ignored. */
  onDelivery?: (report: WebhookReport) => void;
  clock?: Clock;
}

/** @throws TypeError where an adapter was given something else than a receiver */
export function requireReceiver(owner: string, receiver: unknown): void {
  requireValue(
    `${owner}: the receiver`,
    receiver,
    withMethods("createWebhookReceiver(…)", "receive", "process", "refuse"),
  );
}

/** Takes deliveries, each event once. Adapters put it behind a server. */
export interface WebhookReceiver {
  receive(delivery: Delivery): Promise<WebhookAnswer>;
  /** Processes a stored event unless it was processed. @see replayEvents */
  process(event: StoredEvent, options?: { again?: boolean }): Promise<WebhookOutcome>;
  /** Tells `onDelivery` of what an adapter refused before there was a delivery. */
  refuse(outcome: WebhookOutcome, error?: unknown): WebhookAnswer;
  readonly limits: {
    readonly maxBytes: number;
    readonly bodyTimeoutMs: number;
    readonly origin: string | undefined;
  };
}

/** Two deliveries without any id are the same event where they say the same. */
function bodyHash(delivery: Delivery): string {
  return `sha256:${nodeCrypto().createHash("sha256").update(bytesOf(delivery)).digest("hex")}`;
}

/** Signatures are made over the bytes before any encoding, and nothing here may be made to inflate a bomb. */
function isEncoded(delivery: Delivery): boolean {
  return !/^(identity)?$/i.test(headerOf(delivery, "content-encoding")?.trim() ?? "");
}

/**
 * Makes the receiver of a webhook. A delivery is verified, archived, claimed by its event's id, handled, and only then
 * remembered as done. So an effect is never lost: what fails, or dies half-way, is delivered and handled again. It is
 * never done twice at a time, and never again once it was remembered. Only a crash between effect and memory, or a
 * process that sleeps through its lease, repeats an effect: make it idempotent by `event.id`, or complete the event in
 * the transaction of the effect (`work.complete`); then there is exactly one.
 * @throws RangeError for an option that is no number that it can be; TypeError for another that it cannot be
 */
export function createWebhookReceiver<T = unknown>(options: ReceiverOptions<T>): WebhookReceiver {
  requireValues("webhook receiver", options, {
    verify: callable,
    handle: callable,
    schema: maybe(withMethods("a zod schema", "safeParse")),
    store: maybe(withMethods("memoryEventStore()", "claim", "renew", "complete", "release")),
    archive: maybe(withMethods("fileArchive(directory)", "put", "list")),
    handshake: maybe(callable),
    idOf: maybe(callable),
    onDelivery: maybe(callable),
  });
  requireNumbers("webhook receiver", options, {
    leaseMs: milliseconds,
    maxBytes: count,
    bodyTimeoutMs: milliseconds,
  });
  const { verify, handle, archive, handshake, onDelivery, clock = systemClock } = options;
  const { store = memoryEventStore({ clock }), leaseMs = 60_000 } = options;
  const { maxBytes = 1_048_576, bodyTimeoutMs = 10_000, origin } = options;

  const tell = (report: WebhookReport): WebhookOutcome => {
    tellListener(onDelivery, report);
    return report.outcome;
  };

  const typed = (payload: unknown): { data: T } | { issues: ResponseIssue[] } => {
    // Without a schema T is `unknown`, or what the caller vouches for.
    if (options.schema === undefined) return { data: payload as T };
    const parsed = checkWith(options.schema, payload);
    return parsed.success ? { data: parsed.data } : { issues: toIssues(parsed.error.issues) };
  };

  const process = async (stored: StoredEvent, { again = false } = {}): Promise<WebhookOutcome> => {
    const { id, signedAt, receivedAt } = stored;
    const payload = typed(parsePayload(stored.body));
    if ("issues" in payload) return tell({ id, outcome: "unexpected", issues: payload.issues });
    const event = { id, signedAt, receivedAt, payload: payload.data };
    try {
      // A key of its own for each time that somebody asks for the effect again.
      const key = again ? `${id}#again-${clock.now()}` : id;
      const result = await once(store, key, { leaseMs, clock }, (work) => handle(event, work));
      return tell({ id, outcome: result.did, ...("error" in result ? { error: result.error } : {}) });
    } catch (error) {
      return tell({ id, outcome: "unavailable", error });
    }
  };

  const take = async (delivery: Delivery): Promise<WebhookAnswer> => {
    if (bytesOf(delivery).length > maxBytes) return answerTo(tell({ id: undefined, outcome: "too_large" }));
    if (isEncoded(delivery)) return answerTo(tell({ id: undefined, outcome: "encoded" }));
    const verified = await verify(delivery);
    const greeting = handshake?.(verified.payload);
    if (greeting !== undefined) return { ...answerTo("processed"), body: greeting };
    const id = (options.idOf ? options.idOf(verified) : verified.id) ?? bodyHash(delivery);
    const { signedAt } = verified;
    const event = { id, signedAt, receivedAt: clock.now(), body: textOf(delivery) };
    try {
      await archive?.put(event);
    } catch (error) {
      return answerTo(tell({ id, outcome: "unavailable", error }));
    }
    return answerTo(await process(event));
  };

  const refuse = (outcome: WebhookOutcome, error?: unknown) =>
    answerTo(tell({ id: undefined, outcome, error }));

  return {
    receive: async (delivery) => {
      try {
        return await take(delivery);
      } catch (error) {
        const ours = !(error instanceof WebhookError) || error.code === "no_secret";
        return refuse(ours ? "failed" : "refused", error);
      }
    },
    process,
    refuse,
    limits: { maxBytes, bodyTimeoutMs, origin },
  };
}
