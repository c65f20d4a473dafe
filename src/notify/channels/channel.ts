import type { Clock } from "../../base/context.ts";
import { IncompleteError } from "../../base/errors.ts";
import type { ExchangeFailure, HttpClient, HttpRequest } from "../../http/exchange.ts";
import type { Message } from "../message.ts";

/** One way in which people are told. */
export interface Channel {
  name: string;
  /**
   * @returns who was not reached, where others were
   * @throws IncompleteError where the message did not arrive; its text holds no credential
   */
  tell(message: Message): Promise<IncompleteError | undefined>;
}

export interface SendDeps {
  http: HttpClient;
  clock: Clock;
  signal: AbortSignal;
}

/** What came back: a status, and the body's text. */
export interface Reply {
  status: number;
  text: string;
  headers: Readonly<Record<string, string>>;
}

const LIMITS = { deadlineMs: 20_000, maxBodyBytes: 8 << 20, maxRedirects: 0 };
const ATTEMPTS = 3;
const PAUSE_MS = 500;
/** A longer `Retry-After` is not waited for. */
const LONGEST_PAUSE_MS = 30_000;

/** Something was not told to somebody: why, without the address that may be a secret. */
export function notTold(who: string, why: string, hint?: string, code = "notify/failed"): IncompleteError {
  return new IncompleteError(`${who} could not be told: ${why}`, { code, hint });
}

/** Where nobody knows whether what was asked for was done. */
export const UNSURE = "notify/unsure";

/** Whether the same request may do later. A 403 that says when is GitHub's way to hold somebody back. */
function isPassing(reply: Reply | undefined): boolean {
  if (!reply || reply.status === 429 || reply.status >= 500) return true;
  return reply.status === 403 && reply.headers["retry-after"] !== undefined;
}

/** `Retry-After` is seconds, or a date. */
function pauseMs(reply: Reply | undefined, attempt: number, now: number): number {
  const text = reply?.headers["retry-after"] ?? "";
  const asked = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return asked >= 0 ? asked : PAUSE_MS * 2 ** attempt;
}

const redirects = (failure: ExchangeFailure | undefined) => failure?.kind.startsWith("redirect-") === true;

/** Why there is no answer. Where a redirect leads to is as secret as the address, most of which it repeats. */
function noAnswer(who: string, failure: ExchangeFailure | undefined, code: string | undefined) {
  if (redirects(failure))
    return notTold(who, "its address redirects to another", "set the address that it redirects to", code);
  return notTold(who, failure?.message ?? "it gave no answer", failure?.hint, code);
}

/** Somebody who holds us back has done nothing; of a server that failed, or did not answer, nobody knows. */
const isUndone = (reply: Reply | undefined) => reply !== undefined && reply.status < 500;

/**
 * Sends a request; what fails for a passing reason is sent again, twice at most.
 * @param options.once not again where it may have been done: that is the code {@link UNSURE}
 * @throws IncompleteError where there was no answer
 */
export async function send(
  who: string,
  request: HttpRequest,
  { http, clock, signal }: SendDeps,
  { once = false }: { once?: boolean } = {},
): Promise<Reply> {
  for (let attempt = 0; ; attempt++) {
    const { response, failure } = await http.exchange(request, { limits: LIMITS, signal });
    signal.throwIfAborted();
    const reply = response && {
      status: response.status,
      text: Buffer.from(response.body).toString("utf8"),
      headers: response.headers,
    };
    const pause = pauseMs(reply, attempt, clock.now());
    const again = isPassing(reply) && !redirects(failure) && (!once || isUndone(reply));
    if (again && attempt + 1 < ATTEMPTS && pause <= LONGEST_PAUSE_MS) {
      await clock.sleep(pause, signal);
      continue;
    }
    if (reply) return reply;
    throw noAnswer(who, failure, once ? UNSURE : undefined);
  }
}
