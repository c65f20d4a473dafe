import { type Credentials, SecretNotSet } from "../auth/auth.ts";
import type { Call, Core } from "../client/core.ts";
import type { LimitReading, Permit } from "../limiter/limiter.ts";
import { readLimits } from "../limiter/quota-reading.ts";
import { openScope, orAbort } from "../time/clock.ts";
import {
  AttemptFailed,
  attemptTimedOut,
  connectionFailed,
  statusFailed,
  unusableResponse,
} from "./failure.ts";
import { buildUrl } from "./request.ts";
import { readFailureBody, readJson, requestIdOf, UnusableBody } from "./response.ts";

/** A response with a status that means success, and its body. */
export interface Answer {
  status: number;
  headers: Headers;
  requestId: string | undefined;
  json: unknown;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 3;

class AttemptTimeout extends Error {}

/** Where a redirect leads, if it may be followed: a read, to the same origin, so that no credential travels. */
function nextHop(response: Response, url: string, method: string): string | undefined {
  const location = response.headers.get("location");
  if (!REDIRECTS.has(response.status) || location === null) return undefined;
  if (method !== "GET" && method !== "HEAD") return undefined;
  if (!URL.canParse(location, url)) return undefined;
  const next = new URL(location, url);
  return next.origin === new URL(url).origin ? next.href : undefined;
}

async function send(
  core: Core,
  call: Call,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<Response> {
  const { method, headers, body } = call;
  let url = buildUrl(core.baseUrl(), call.path, [call.query, credentials.query]);
  for (let hop = 0; ; hop++) {
    let response: Response;
    try {
      response = await core.fetch(url, {
        method,
        headers: { ...headers, ...credentials.headers },
        redirect: "manual",
        signal,
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      throw signal.aborted ? signal.reason : connectionFailed(error, new URL(url).host);
    }
    const next = hop < MOST_REDIRECTS ? nextHop(response, url, method) : undefined;
    if (next === undefined) return response;
    await response.body?.cancel();
    url = next;
  }
}

async function readAnswer(core: Core, response: Response, requestId: string | undefined): Promise<Answer> {
  const { status, headers } = response;
  try {
    return { status, headers, requestId, json: await readJson(response, core.maxBodyBytes) };
  } catch (error) {
    if (error instanceof UnusableBody) throw unusableResponse(error.message, status);
    throw connectionFailed(error, new URL(core.baseUrl()).host);
  }
}

async function exchange(core: Core, call: Call, permit: Permit, signal: AbortSignal): Promise<Answer> {
  const credentials = await core.credentials(call);
  call.sent = true;
  const response = await send(core, call, credentials, signal);
  const limits: LimitReading = readLimits(response, core.clock.now());
  permit.observe(limits);
  const requestId = requestIdOf(response.headers);
  call.requestId = requestId;
  call.status = response.status;
  if (response.ok) return readAnswer(core, response, requestId);
  const body = await readFailureBody(response);
  throw statusFailed(response, body, limits, core.clock.now(), core.secretValues());
}

function record(core: Core, call: Call, startedAt: number, failure: string | undefined): void {
  const attempt = {
    number: call.attempts.length + 1,
    startedAt,
    durationMs: core.clock.now() - startedAt,
    ...(call.status === undefined ? {} : { status: call.status }),
    ...(call.requestId === undefined ? {} : { requestId: call.requestId }),
    ...(failure === undefined ? {} : { failure }),
  };
  call.attempts.push(attempt);
  core.emit(call, { type: "attempt", attempt });
}

/**
 * Sends the request once, bounded by the attempt's timeout, and records how it went.
 * @throws AttemptFailed; the reason of the call's signal when that aborted
 */
export async function attempt(core: Core, call: Call, permit: Permit): Promise<Answer> {
  const startedAt = core.clock.now();
  const scope = openScope(core.clock, call.timeoutMs, () => new AttemptTimeout(), call.signal);
  call.status = undefined;
  call.requestId = undefined;
  try {
    const answer = await orAbort(exchange(core, call, permit, scope.signal), scope.signal);
    record(core, call, startedAt, undefined);
    return answer;
  } catch (error) {
    // Nothing was attempted: there is nothing to record.
    if (error instanceof SecretNotSet) throw error;
    const failure = error instanceof AttemptTimeout ? attemptTimedOut(call.timeoutMs) : error;
    const label = failure instanceof AttemptFailed ? failure.label : "aborted";
    record(core, call, startedAt, label);
    throw call.signal.aborted ? call.signal.reason : failure;
  } finally {
    scope.release();
  }
}
