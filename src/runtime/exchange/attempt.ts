import { type Issued, isSecretTrouble } from "../auth/auth.ts";
import { TokenRefused } from "../auth/token.ts";
import type { Call } from "../client/call.ts";
import type { Core } from "../client/core.ts";
import type { Attempt } from "../errors/errors.ts";
import { blotText } from "../errors/redact.ts";
import type { Permit } from "../limiter/permit.ts";
import { readLimits } from "../limiter/quota-reading.ts";
import { orStop, Scope } from "../time/scope.ts";
import {
  AttemptFailed,
  attemptTimedOut,
  connectionFailed,
  isOfNetwork,
  isUndecodable,
  statusFailed,
  tokenRefused,
  unusableResponse,
} from "./failure.ts";
import { buildUrl, isEmpty, UnusableParameter } from "./request.ts";
import { parseFailureBody, parseJson, refuseCutOff, requestIdOf } from "./response.ts";
import { type ResponseHead, UnusableBody, type WireRequest } from "./transport.ts";
import { unsendable } from "./unsendable.ts";

/** A response with a status that means success, and its body. */
export interface Answer {
  head: ResponseHead;
  requestId: string | undefined;
  text: string;
  json: unknown;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 3;

class AttemptTimeout extends Error {}
const attemptOver = () => new AttemptTimeout();

const isOk = (status: number) => status >= 200 && status < 300;

/** Where a redirect leads, if it may be followed: a read, to the same origin, so that no credential travels. */
function nextHop({ status, headers }: ResponseHead, url: string, method: string): string | undefined {
  const { location } = headers;
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  if (method !== "GET" && method !== "HEAD") return undefined;
  if (!URL.canParse(location, url)) return undefined;
  const next = new URL(location, url);
  return next.origin === new URL(url).origin ? next.href : undefined;
}

function noteHead(core: Core, call: Call, head: ResponseHead, permit: Permit): void {
  const limits = readLimits(head, core.clock);
  permit.observe(limits);
  if (limits.quotas.length > 0) core.emit(call, { type: "quota", group: call.group, quotas: limits.quotas });
  const requestId = requestIdOf(head.headers);
  // A provider, or a proxy, may echo what it was sent.
  call.requestId = requestId === undefined ? undefined : blotText(requestId, core.secretValues());
  call.status = head.status;
}

/** What a request that broke off means: a status that came before says more than the break. */
function whenBroken(
  core: Core,
  error: unknown,
  head: ResponseHead | undefined,
  request: WireRequest,
): AttemptFailed | UnusableParameter | undefined {
  if (head !== undefined && !isOk(head.status)) return undefined;
  if (error instanceof UnusableBody) {
    return unusableResponse(error.message, head?.status ?? 0, core.secretValues());
  }
  if (head !== undefined && isUndecodable(error)) {
    const encoding = blotText(head.headers["content-encoding"] ?? "its encoding", core.secretValues());
    const message = `the body is not what its encoding says (${encoding.slice(0, 40)})`;
    return unusableResponse(message, head.status, core.secretValues());
  }
  const failed = () => connectionFailed(error, new URL(request.url).host);
  return head === undefined && !isOfNetwork(error) ? (unsendable(request) ?? failed()) : failed();
}

function toAnswer(core: Core, call: Call, head: ResponseHead, text: string | undefined): Answer {
  const { requestId } = call;
  if (text !== undefined && isOk(head.status)) {
    try {
      refuseCutOff(text, head, call.method);
      return { head, requestId, text, json: parseJson(text, head) };
    } catch (error) {
      const message = error instanceof UnusableBody ? error.message : "the body cannot be used";
      throw unusableResponse(message, head.status, core.secretValues());
    }
  }
  const limits = readLimits(head, core.clock);
  throw statusFailed(head, parseFailureBody(text), limits, core.clock.now(), core.secretValues());
}

/** The request with the headers that only it may carry. Names of headers are in lower case here. */
async function signed(
  request: WireRequest,
  sign: NonNullable<Issued["sign"]>,
  now: number,
): Promise<WireRequest> {
  const headers = { ...request.headers };
  for (const [name, value] of Object.entries(await sign(request, now))) headers[name.toLowerCase()] = value;
  return { ...request, headers };
}

/** The request without what signs it. */
function compose(core: Core, call: Call, issued: Issued): WireRequest {
  const { method, body } = call;
  const headers = isEmpty(issued.headers) ? call.headers : { ...call.headers, ...issued.headers };
  const url = buildUrl(core.baseUrl(), call.path, [call.query, issued.query]);
  return { url, method, headers, body, maxBytes: core.maxBodyBytes };
}

function record(core: Core, call: Call, startedAt: number, failure: string | undefined): void {
  const durationMs = core.clock.now() - startedAt;
  const attempt: Attempt = { number: call.attempts.length + 1, startedAt, durationMs };
  if (call.status !== undefined) attempt.status = call.status;
  if (call.requestId !== undefined) attempt.requestId = call.requestId;
  if (failure !== undefined) attempt.failure = failure;
  // A list that begins with one takes no room for more: seldom are there any.
  if (call.attempts.length === 0) call.attempts = [attempt];
  else call.attempts.push(attempt);
  if (!core.isHeard()) return;
  const price = call.sent ? core.priceOf(call.operation) : undefined;
  core.emit(call, { type: "attempt", attempt, ...(price === undefined ? {} : { price }) });
}

/**
 * Sends the request once, follows where it is led to, and reads the response to its end; bounded by the attempt's timeout.
 * Records how it went. One function that waits, for each one more is felt in every request.
 * @throws AttemptFailed; SecretNotSet; SecretNotRead; UnusableParameter; the reason of the call's scope when that stopped
 */
export async function attempt(core: Core, call: Call, permit: Permit): Promise<Answer> {
  const startedAt = core.clock.now();
  const scope = new Scope(core.clock, startedAt + call.timeoutMs, attemptOver, call.scope);
  call.status = undefined;
  call.requestId = undefined;
  try {
    const issuing = core.issuer.issue();
    const issued = issuing instanceof Promise ? await orStop(issuing, scope) : issuing;
    call.issued = issued;
    let request = compose(core, call, issued);
    call.sent = true;
    for (let hops = 0; ; hops++) {
      const signing = issued.sign && signed(request, issued.sign, core.clock.now());
      const sent = signing ? await orStop(signing, scope) : request;
      const arrival: { head?: ResponseHead } = {};
      let text: string | undefined;
      try {
        const arriving = core.transport(sent, scope, (head) => {
          if (scope.stopped) return;
          arrival.head = head;
          noteHead(core, call, head, permit);
        });
        // When it is time to stop, a transport is not waited for, whatever it does then.
        text = await orStop(arriving, scope);
      } catch (error) {
        if (scope.stopped) throw scope.reason;
        const failure = whenBroken(core, error, arrival.head, sent);
        if (failure) throw failure;
      }
      const { head } = arrival;
      if (head === undefined) throw connectionFailed(new Error("no head"), new URL(request.url).host);
      const next = hops < MOST_REDIRECTS ? nextHop(head, request.url, call.method) : undefined;
      if (next !== undefined) {
        request = { ...request, url: next };
        continue;
      }
      const answer = toAnswer(core, call, head, text);
      record(core, call, startedAt, undefined);
      return answer;
    }
  } catch (error) {
    throw failed(core, call, startedAt, error);
  } finally {
    scope.release();
  }
}

/** What an attempt failed with, recorded. */
function failed(core: Core, call: Call, startedAt: number, error: unknown): unknown {
  // Nothing was attempted: there is nothing to record.
  if (isSecretTrouble(error) || error instanceof UnusableParameter) return error;
  const failure = asFailure(error, call);
  record(core, call, startedAt, failure instanceof AttemptFailed ? failure.label : "aborted");
  return call.scope.stopped ? call.scope.reason : failure;
}

function asFailure(error: unknown, call: Call): unknown {
  if (error instanceof AttemptTimeout) return attemptTimedOut(call.timeoutMs);
  return error instanceof TokenRefused ? tokenRefused(error.message) : error;
}
